#!/bin/sh
# Gets a short access token for a service token, and asks with it. Only the first call ever sends the long one.
#
#   LATCHKEY_URL=https://latchkey.example.com LATCHKEY_USER=nightly_load@service LATCHKEY_TOKEN_FILE=/run/secrets/token
set -eu

# From a file, so that the token is on no command line, which others on the machine can read.
access=$(printf 'user = "%s:%s"' "$LATCHKEY_USER" "$(cat "$LATCHKEY_TOKEN_FILE")" |
    curl --silent --show-error --fail-with-body --config - \
        --data grant_type=client_credentials "$LATCHKEY_URL/oauth2/token" |
    sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')

printf 'header = "Authorization: Bearer %s"' "$access" |
    curl --silent --show-error --fail-with-body --config - "$LATCHKEY_URL/api/users/me"
echo
