"""Any JOSE library can check a token against the published keys, with no other question to the server."""

import json
import subprocess

import jwt
import pytest
from jwt import PyJWKClient

PREFIX = "eyJhbGciOiJFUzI1NiIsImtpZCI6Imxr"  # base64url of {"alg":"ES256","kid":"lk


def checked(server, token):
    key = PyJWKClient(f"{server.url}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    needed = {"require": ["iss", "sub", "iat", "jti"]}
    return jwt.decode(token, key.key, algorithms=["ES256"], issuer=server.url, options=needed)


def issue(admin, days, name="offline"):
    user = admin.post("/api/users", {"name": f"Offline {name}", "role": "Member"}).json()
    return admin.post("/api/user-tokens", {"name": name, "user_id": user["id"], "expires_in_days": days}).json()


def test_pyjwt_checks_a_token_by_the_published_keys(server, admin):
    issued = issue(admin, 30)
    token = issued["bearer_token"]
    claims = checked(server, token)
    assert token.startswith(PREFIX)
    assert claims["sub"] == "offline_offline@service" and claims["use"] == "service"
    assert claims["exp"] - claims["iat"] == 30 * 86_400
    assert set(claims) == {"jti", "iss", "sub", "iat", "exp", "use"}, "no role, no team: these are read at use"
    assert jwt.get_unverified_header(token).keys() == {"alg", "kid", "typ"}


def test_a_token_that_never_expires_has_no_exp(server, admin):
    assert "exp" not in checked(server, issue(admin, None)["bearer_token"])


def test_an_altered_token_is_refused_offline_and_here(server, admin):
    token = issue(admin, 30)["bearer_token"]
    head, body, signature = token.split(".")
    for altered in [f"{head}.{body}.{signature[:-2]}AA", f"{head}.{body[:-1]}.{signature}", token + "A", token[:-1]]:
        with pytest.raises(jwt.InvalidTokenError):
            checked(server, altered)
        server.client(altered).get("/api/users/me", want=401)


def test_a_rotation_of_keys_leaves_every_token_in_force(server, admin):
    old = issue(admin, 30, "before")["bearer_token"]
    done = server.run("keys", "rotate", *server.storage)
    assert done.returncode == 0, done.stderr
    from program import eventually

    def signed_anew():
        token = issue(admin, 30, f"after {len(seen)}")["bearer_token"]
        seen.append(token)
        return jwt.get_unverified_header(token)["kid"] != jwt.get_unverified_header(old)["kid"]

    seen = []
    eventually(signed_anew, within=10, every=0.3)
    for token in [old, *seen]:
        checked(server, token)
        server.client(token).get("/api/users/me")
    kids = {key["kid"] for key in json.loads(subprocess.check_output(
        ["curl", "-s", f"{server.url}/.well-known/jwks.json"]))["keys"]}
    assert {jwt.get_unverified_header(token)["kid"] for token in [old, *seen]} <= kids
