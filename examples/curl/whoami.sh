#!/bin/sh
# Gets a short access token for a service token, and asks with it. Only the first call ever sends the long one.
#
#   LATCHKEY_URL=https://latchkey.example.com LATCHKEY_USER=nightly_load@service LATCHKEY_TOKEN_FILE=/run/secrets/token
#
# Needs curl 7.76 or newer (--fail-with-body shows why something was refused).
set -eu

call() { curl --silent --show-error --fail-with-body --max-time 10 "$@"; }

# The token comes from a file and goes through a pipe, so that it is on no command line, which others on the machine can
# read. The reply goes into a variable before it is read: a pipe into sed would end well whatever became of the call.
reply=$(printf 'user = "%s:%s"' "$LATCHKEY_USER" "$(cat "$LATCHKEY_TOKEN_FILE")" |
    call --config - --data grant_type=client_credentials "$LATCHKEY_URL/oauth2/token") || {
    echo "No access token: $reply" >&2
    exit 1
}
access=$(echo "$reply" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
test -n "$access"

printf 'header = "Authorization: Bearer %s"' "$access" | call --config - "$LATCHKEY_URL/api/users/me"
echo
