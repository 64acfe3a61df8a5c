"""Keyless workloads: tokens shaped like GitHub Actions', GitLab CI's and Kubernetes', and all that must not pass."""

import base64
import hmac
import json
import time

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workload_issuer import Issuer, Key, github, gitlab, kubernetes, reply

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
SUBJECTS = {
    "github": (github, "repo:acme/pipelines:ref:refs/heads/main"),
    "gitlab": (gitlab, "project_path:acme/*:ref_type:branch:ref:main"),
    "kubernetes": (kubernetes, "system:serviceaccount:jobs:nightly-load"),
}


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.stop()


@pytest.fixture
def server(new_server):
    # The issuer is on loopback, which a server does not ask unless it is told to.
    return new_server(None, "--fetch-allow-private").start()


@pytest.fixture
def user(admin):
    return admin.post("/api/users", {"name": "Nightly load", "role": "Editor"}).json()


def trust(admin, user, issuer, platform="github", **more):
    body = {"name": platform, "issuer": issuer.url, "subject": SUBJECTS[platform][1], **more}
    return admin.post(f"/api/users/{user['id']}/trusted-issuers", body).json()


def exchange(server, token, **more):
    form = {"grant_type": EXCHANGE, "subject_token_type": ID_TOKEN, "subject_token": token, **more}
    return requests.post(f"{server.url}/oauth2/token", data=form, timeout=60)


def refused(answer, error="invalid_request", status=400):
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["error"] == error and body["error_description"], body
    return body["error_description"]


@pytest.mark.parametrize("platform", SUBJECTS)
def test_a_job_acts_as_the_service_user_without_a_secret(server, admin, user, issuer, platform):
    made = trust(admin, user, issuer, platform)
    answer = exchange(server, issuer.token(SUBJECTS[platform][0](server.url)))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    grant = answer.json()
    assert grant["token_type"] == "Bearer"
    assert grant["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert 590 <= grant["expires_in"] <= 600
    me = server.client(grant["access_token"]).get("/api/users/me").json()
    assert me["user_id"] == "nightly_load@service" and me["role"] == "Editor"
    assert me["token"]["id"] == made["id"]
    shown = admin.get(f"/api/trusted-issuers/{made['id']}").json()
    assert shown["status"] == "active" and shown["last_used"]
    verbs = [item["verb"] for item in admin.get(f"/api/user-tokens/{made['id']}/history").json()["items"]]
    assert verbs == ["issue", "trust", "exchange"]


def test_a_trust_that_ends_takes_its_access_tokens_with_it(server, admin, user, issuer):
    made = trust(admin, user, issuer)
    job = server.client(exchange(server, issuer.token(github(server.url))).json()["access_token"])
    job.get("/api/users/me")
    admin.delete(f"/api/trusted-issuers/{made['id']}")
    job.get("/api/users/me", want=401)
    refused(exchange(server, issuer.token(github(server.url))))


def test_claims_that_do_not_hold_are_refused(server, admin, user, issuer):
    trust(admin, user, issuer, claims=[{"name": "environment", "value": "production"}])
    right = {**github(server.url), "environment": "production"}
    now = int(time.time())
    for change in [
        {"aud": "https://other.example"}, {"aud": []}, {"exp": now - 61}, {"iat": now + 120}, {"nbf": now + 120},
        {"exp": now + 90_000}, {"iss": issuer.url + "/"}, {"iss": "https://evil.example"}, {"sub": "repo:acme/other:x"},
        {"sub": "repo:acme/pipelines:ref:refs/heads/main2"}, {"environment": "staging"}, {"environment": None},
        {"sub": ""}, {"exp": "soon"},
    ]:
        refused(exchange(server, issuer.token({**right, **change})))
    for name in ["iss", "sub", "aud", "exp", "iat", "environment"]:
        refused(exchange(server, issuer.token(right, without=[name])))
    assert exchange(server, issuer.token(right)).status_code == 200


def test_a_token_is_taken_once(server, admin, user, issuer):
    trust(admin, user, issuer)
    token = issuer.token(github(server.url))
    assert exchange(server, token).status_code == 200
    assert "before" in refused(exchange(server, token))
    nameless = issuer.token(github(server.url), without=["jti"])
    assert exchange(server, nameless).status_code == 200
    refused(exchange(server, nameless))


def part(value):
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def hashed(payload, secret):
    """HS256 with what everybody knows, for one who would take the header at its word."""
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{payload}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha256'))}"


def test_signatures_that_are_none(server, admin, user, issuer):
    trust(admin, user, issuer)
    token = issuer.token(github(server.url))
    head, payload, signature = token.split(".")
    public = json.dumps(issuer.key.public).encode()
    pem = issuer.key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forgeries = [
        f"{part({'alg': 'none'})}.{payload}.", f"{part({'alg': 'none', 'kid': 'k1'})}.{payload}.{signature}",
        *(hashed(payload, secret) for secret in (public, pem)),
        issuer.token(github(server.url), key=Key("k1")), issuer.token(github(server.url), key=Key("other")),
        f"{part({'alg': 'RS512', 'kid': 'k1'})}.{payload}.{signature}",
        f"{part({'alg': 'ES256', 'kid': 'k1'})}.{payload}.{signature}",
        f"{head}.{part(github(server.url))}.{signature}", f"{head}.{payload}.", f"{head}.{payload}.{signature}AAAA",
        issuer.token(github(server.url), headers={"crit": ["x"], "x": 1}),
        issuer.token(github(server.url), headers={"typ": "logout+jwt"}),
        issuer.token({**github(server.url), "padding": "x" * 70_000}), "x", "a.b.c", "..",
    ]
    for forgery in forgeries:
        refused(exchange(server, forgery))
    assert exchange(server, token).status_code == 200


def test_keys_that_turn_over_are_found_again(server, admin, user, issuer):
    trust(admin, user, issuer)
    assert exchange(server, issuer.token(github(server.url))).status_code == 200
    asked = len(issuer.asked)
    for _ in range(5):
        refused(exchange(server, issuer.token(github(server.url), key=Key("made-up"))))
    assert len(issuer.asked) - asked <= 1, "names of keys that strangers make up cost the issuer nothing"


def slow(handler):
    time.sleep(30)
    reply(handler, {"keys": []})


def redirecting(handler):
    reply(handler, b"", 302, [("Location", "/elsewhere")])


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass


@pytest.mark.parametrize(
    "path, answer, status",
    [
        ("/keys", slow, 503), ("/keys", redirecting, 400), ("/keys", endless, 400),
        ("/keys", lambda handler: reply(handler, b"<html>"), 400),
        ("/keys", lambda handler: reply(handler, {"keys": []}, 500), 503),
        ("/.well-known/openid-configuration", redirecting, 400),
        ("/.well-known/openid-configuration", lambda handler: reply(handler, {"issuer": "https://other.example"}), 400),
    ],
)
def test_an_issuer_that_misbehaves(server, admin, user, issuer, path, answer, status):
    trust(admin, user, issuer)
    issuer.answers[path] = answer
    began = time.monotonic()
    reply = exchange(server, issuer.token(github(server.url)))
    assert time.monotonic() - began < 25
    refused(reply, "temporarily_unavailable" if status == 503 else "invalid_request", status)
    assert "/elsewhere" not in issuer.asked
    server.client().get("/api/health", want=204)


def test_nothing_private_is_asked_unless_that_is_allowed(new_server, issuer):
    server = new_server().start()
    admin = server.client(server.bootstrap())
    user = admin.post("/api/users", {"name": "Nightly load", "role": "Member"}).json()
    body = {"name": "x", "issuer": issuer.url, "subject": "repo:acme/x"}
    reply = admin.post(f"/api/users/{user['id']}/trusted-issuers", body, want=422)
    assert reply.json()["errors"][0]["pointer"] == "/issuer"
    for host in ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f.1", "localhost"]:
        place = f"https://{host}:{issuer.http.server_address[1]}"
        answer = admin.ask("POST", f"/api/users/{user['id']}/trusted-issuers", {**body, "issuer": place, "name": host})
        if answer.status_code == 201:
            token = issuer.token({**github(server.url), "iss": place})
            assert exchange(server, token).status_code in (400, 503)
    refused(exchange(server, issuer.token(github(server.url))))
    assert issuer.asked == []


def test_on_either_database(new_server, engine, issuer):
    """Trust, exchange, replay, and the end of all: what touches the database, on both."""
    server = new_server(engine, "--fetch-allow-private").start()
    admin = server.client(server.bootstrap())
    user = admin.post("/api/users", {"name": "Nightly load", "role": "Editor"}).json()
    made = trust(admin, user, issuer)
    token = issuer.token(github(server.url))
    access = exchange(server, token).json()["access_token"]
    refused(exchange(server, token))
    one, other = access, exchange(server, issuer.token(github(server.url))).json()["access_token"]
    requests.post(f"{server.url}/oauth2/revoke", data={"token": one}, timeout=10)
    server.client(one).get("/api/users/me", want=401)
    server.client(other).get("/api/users/me")
    admin.put(f"/api/user-tokens/{made['id']}", {"revoke": True})
    server.client(other).get("/api/users/me", want=401)
    listed = admin.all(f"/api/users/{user['id']}/trusted-issuers")
    assert [each["status"] for each in listed] == ["revoked"]
