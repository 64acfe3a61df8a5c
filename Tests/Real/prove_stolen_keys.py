"""What SECURITY.md says of a stolen key file: what it can do, what it cannot, and that the way out leads out."""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import time

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from program import eventually


def text(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def content(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Thief:
    """Has a copy of the key file, and an address to send requests to."""

    def __init__(self, server):
        self.url = server.url
        self.keys = json.loads((server.data / "keys.json").read_text())
        self.kid = self.keys["signing"][-1]["kid"]

    def access_token(self, token_id, handle):
        number = token_id.to_bytes(8, "big") + os.urandom(16)
        tag = hmac.digest(content(self.keys["tag"]), number, "sha256")[:8]
        now = int(time.time())
        claims = {
            "jti": text(number + tag), "iss": self.url, "aud": self.url, "sub": handle, "client_id": handle,
            "role": "Admin", "iat": now, "exp": now + 3600, "teams": [],
        }
        header = {"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}
        signed = ".".join(text(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        scalar = int.from_bytes(content(self.keys["signing"][-1]["key"]), "big")
        signature = ec.derive_private_key(scalar, ec.SECP256R1()).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        return signed + "." + text(b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(signature)))

    def gets_in(self, token_id, handle="robot@service"):
        """As whom, with an access token of this token's number for this account."""
        headers = {"Authorization": f"Bearer {self.access_token(token_id, handle)}"}
        reply = requests.get(f"{self.url}/api/users/me", headers=headers, timeout=10)
        assert reply.status_code in (200, 401), reply.text
        return reply.json()["user_id"] if reply.status_code == 200 else None

    def password_link(self, user):
        """Sealed as the server seals it, for somebody who has no password."""
        mark = text(hashlib.sha256(b"none").digest()[:12])
        words = f"{user} {int(time.time() + 600) * 1000} {mark}".encode()
        nonce, sealer = os.urandom(12), self.keys["sealing"][-1]
        sealed = AESGCM(content(sealer["key"])).encrypt(nonce, words, b"password link")
        return f"{self.url}/new-password?code={text(sealer['generation'].to_bytes(4, 'big') + nonce + sealed)}"


@pytest.fixture
def thief(server, admin):
    return Thief(server)


@pytest.fixture
def robot(admin):
    return admin.post("/api/users", {"name": "Robot", "role": "Editor"}).json()["id"]


def issue(admin, **more):
    body = {"name": f"token {time.monotonic_ns()}", "expires_in_days": 30, **more}
    return admin.post("/api/user-tokens", body).json()


def test_the_keys_alone_make_access_tokens_of_service_tokens_only(admin, robot, thief):
    token = issue(admin, user_id=robot)["id"]
    assert thief.gets_in(token) == "robot@service"
    assert thief.gets_in(token, "x") is None, "a token of another account opens"
    assert thief.gets_in(issue(admin, user_id=robot, scim_endpoints_only=True)["id"]) is None
    assert thief.gets_in(issue(admin)["id"], "ada@example.com") is None, "a person's account opens to the keys"
    assert thief.gets_in(999_999) is None


def test_the_keys_alone_open_nobody_s_account(server, admin, thief):
    person = admin.get("/api/users/me").json()["id"]
    made = server.run("admin", "password-link", "--email", "ada@example.com", *server.storage)
    assert requests.get(json.loads(made.stdout)["link"], timeout=10).status_code == 200, "the proof looks elsewhere"
    assert requests.get(thief.password_link(person), timeout=10).status_code == 400


def rotate_keys(server):
    done = server.run("keys", "rotate", "--output", "json", *server.storage)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["signing"]


def seventy_minutes_pass(server):
    """The moment of the last rotation, as it would be read then."""
    with sqlite3.connect(server.data / "latchkey.db", timeout=10) as database:
        then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 70 * 60 - 1))
        changed = database.execute("UPDATE instance SET value = ? WHERE name = 'key_rotated_at'", [then])
        assert changed.rowcount == 1


def test_the_way_out_after_a_theft_leads_out(server, admin, robot, thief):
    old = issue(admin, user_id=robot)
    mine = admin.get("/api/user-tokens?page=1").json()["items"][0]
    assert thief.kid in rotate_keys(server), "a key was dropped while tokens need it"
    eventually(lambda: any(key["kid"] != thief.kid for key in keys_of(server)))
    fresh = {each["id"]: rotate(admin, each["id"]) for each in (old, mine)}
    holder = server.client(fresh[mine["id"]]["bearer_token"])
    new = fresh[old["id"]]
    assert thief.gets_in(new["id"]) == "robot@service", "until it is over the thief gets in"
    seventy_minutes_pass(server)
    assert thief.kid in rotate_keys(server), "revoked tokens keep their key"
    for token_id in fresh:
        holder.delete(f"/api/user-tokens/{token_id}")
    seventy_minutes_pass(server)
    assert thief.kid not in rotate_keys(server)
    eventually(lambda: thief.gets_in(new["id"]) is None)
    assert server.client(new["bearer_token"]).get("/api/users/me").json()["user_id"] == "robot@service"


def keys_of(server):
    return requests.get(f"{server.url}/.well-known/jwks.json", timeout=10).json()["keys"]


def rotate(admin, token_id):
    return admin.post(f"/api/user-tokens/{token_id}/rotate", {"overlap": "none"}).json()
