"""OAuth 2 with foreign clients: Authlib gets access tokens, PyJWT and joserfc check them as RFC 9068 says."""

import time

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk
from joserfc import jwt as joserfc_jwt

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"


@pytest.fixture
def robot(admin):
    """A service user with a token."""
    user = admin.post("/api/users", {"name": "Robot", "role": "Editor"}).json()
    made = admin.post("/api/user-tokens", {"name": "robot", "user_id": user["id"], "expires_in_days": 30}).json()
    return {"id": user["id"], "handle": user["user_id"], "token": made["bearer_token"], "token_id": made["id"]}


def ask(server, form, **more):
    return requests.post(f"{server.url}/oauth2/token", data=form, timeout=10, **more)


def exchange(server, subject, **more):
    return ask(server, {"grant_type": EXCHANGE, "subject_token": subject, "subject_token_type": ACCESS, **more})


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_gets_an_access_token(server, robot, method):
    client = OAuth2Session(robot["handle"], robot["token"], token_endpoint_auth_method=method)
    grant = client.fetch_token(f"{server.url}/oauth2/token", grant_type="client_credentials")
    assert grant["token_type"] == "Bearer" and grant["expires_in"] == 600
    assert client.get(f"{server.url}/api/users/me").json()["user_id"] == "robot@service"


def test_pyjwt_and_joserfc_check_it_offline(server, robot):
    grant = ask(server, {"grant_type": "client_credentials"}, auth=(robot["handle"], robot["token"])).json()
    token = grant["access_token"]
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    keys = jwt.PyJWKClient(f"{server.url}/.well-known/jwks.json")
    claims = jwt.decode(
        token, keys.get_signing_key_from_jwt(token).key, algorithms=["ES256"], audience=server.url, issuer=server.url,
        options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]})
    assert claims["sub"] == claims["client_id"] == "robot@service"
    assert claims["role"] == "Editor" and claims["teams"] == ["Public"]
    assert claims["exp"] - claims["iat"] == 600
    published = jwk.KeySet.import_key_set(requests.get(f"{server.url}/.well-known/jwks.json", timeout=10).json())
    read = joserfc_jwt.decode(token, published, algorithms=["ES256"])
    assert read.header["typ"] == "at+jwt" and read.claims["sub"] == "robot@service"


def test_metadata_names_what_works(server, robot):
    document = requests.get(f"{server.url}/.well-known/oauth-authorization-server", timeout=10).json()
    assert document["token_endpoint"] == f"{server.url}/oauth2/token"
    assert set(document["grant_types_supported"]) == {"client_credentials", EXCHANGE}
    client = OAuth2Session(robot["handle"], robot["token"])
    grant = client.fetch_token(document["token_endpoint"], grant_type="client_credentials")
    seen = client.introspect_token(document["introspection_endpoint"], token=grant["access_token"]).json()
    assert seen["active"] and seen["sub"] == "robot@service" and seen["aud"] == server.url


def test_an_exchange_narrows_and_never_widens(server, admin, robot):
    narrow = exchange(server, robot["token"], scope="self:read").json()
    assert narrow["scope"] == "self:read" and narrow["issued_token_type"] == ACCESS
    holder = server.client(narrow["access_token"])
    holder.get("/api/users/me")
    holder.get("/api/resources", want=403)
    wider = exchange(server, narrow["access_token"], scope="resources:read")
    assert wider.status_code == 400 and wider.json()["error"] == "invalid_scope"
    again = exchange(server, narrow["access_token"]).json()
    assert again["scope"] == "self:read" and again["expires_in"] <= narrow["expires_in"]
    unknown = exchange(server, robot["token"], scope="no:such")
    assert unknown.json()["error"] == "invalid_scope"


def test_it_stops_with_the_token_that_it_came_of(server, admin, robot):
    grant = exchange(server, robot["token"]).json()
    holder = server.client(grant["access_token"])
    holder.get("/api/users/me")
    admin.put(f"/api/user-tokens/{robot['token_id']}", {"revoke": True})
    holder.get("/api/users/me", want=401)
    seen = requests.post(
        f"{server.url}/oauth2/introspect", data={"token": grant["access_token"]},
        headers=admin.session.headers, timeout=10)
    assert seen.json() == {"active": False}
    assert exchange(server, grant["access_token"]).json()["error"] == "invalid_request"
    refused = ask(server, {"grant_type": "client_credentials"}, auth=(robot["handle"], robot["token"]))
    assert refused.status_code == 401 and refused.json()["error"] == "invalid_client"


def test_giving_one_up_leaves_the_others(server, admin, robot):
    one, other = (exchange(server, robot["token"]).json()["access_token"] for _ in range(2))
    assert requests.post(f"{server.url}/oauth2/revoke", data={"token": one}, timeout=10).status_code == 200
    server.client(one).get("/api/users/me", want=401)
    server.client(other).get("/api/users/me")
    server.client(robot["token"]).get("/api/users/me")
    server.stop()
    server.start()
    server.client(one).get("/api/users/me", want=401)
    server.client(other).get("/api/users/me")


def test_refusals_are_in_the_words_of_the_standard(server, admin, robot):
    basic = (robot["handle"], robot["token"])
    person = dict(admin.session.headers)["Authorization"].split()[1]
    scim = admin.post(
        "/api/user-tokens", {"name": "scim", "user_id": robot["id"], "expires_in_days": 1, "scim_endpoints_only": True}
    ).json()["bearer_token"]
    grant = {"grant_type": "client_credentials"}
    access = exchange(server, robot["token"]).json()["access_token"]
    cases = [
        (400, "invalid_request", {}, basic), (400, "unsupported_grant_type", {"grant_type": "password"}, basic),
        (401, "invalid_client", grant, None), (401, "invalid_client", grant, (robot["handle"], "x")),
        (401, "invalid_client", grant, ("other@service", robot["token"])),
        (400, "unauthorized_client", grant, ("ada@example.com", person)),
        (400, "unauthorized_client", grant, (robot["handle"], scim)),
        (400, "unauthorized_client", grant, (robot["handle"], access)),
        (400, "invalid_target", {**grant, "audience": "https://other.example"}, basic),
        (400, "invalid_scope", {**grant, "scope": "no:such"}, basic),
        (400, "invalid_request", {"grant_type": EXCHANGE}, None),
        (400, "invalid_request", {"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": "x"}, None),
        (400, "invalid_request", {"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": ACCESS}, None),
        (400, "invalid_request",
         {"grant_type": EXCHANGE, "subject_token": access, "subject_token_type": ACCESS, "actor_token": "x"}, None),
    ]
    for status, error, form, auth in cases:
        answer = ask(server, form, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (status, error), (form, answer.text)
        assert answer.headers["Cache-Control"] == "no-store"
        assert robot["token"] not in answer.text
    assert server.client(access).ask("POST", "/api/user-tokens/rotate").status_code in (403, 404, 405)
    assert server.client(access).ask("POST", f"/api/user-tokens/{robot['token_id']}/rotate", {}).status_code == 403


def test_it_lives_as_long_as_was_asked_for(server, robot):
    """Its end is not waited for here; the Swift tests move the clock."""
    for asked, given in [({}, 600), ({"expires_in": "300"}, 300), ({"expires_in": "3600"}, 3600)]:
        grant = exchange(server, robot["token"], **asked).json()
        assert grant["expires_in"] == given
        claims = jwt.decode(grant["access_token"], options={"verify_signature": False})
        assert abs(claims["exp"] - time.time() - given) < 30
    for wrong in ["299", "3601", "-1", "soon", "99999999999"]:
        assert exchange(server, robot["token"], expires_in=wrong).json()["error"] == "invalid_request"


def test_each_is_in_the_log_and_none_of_them_itself(server, admin, robot):
    basic = ask(server, {"grant_type": "client_credentials"}, auth=(robot["handle"], robot["token"])).json()
    narrow = exchange(server, basic["access_token"], scope="self:read").json()["access_token"]
    events = [each for each in admin.all(f"/api/user-tokens/{robot['token_id']}/history") if each["verb"] == "grant"]
    told = [{change["field"]: change["after"] for change in event["changes"]} for event in events]
    assert [(each["grant"], each.get("scope")) for each in told] == [
        ("client_credentials", None), ("token_exchange", ["self:read"])]
    for each, token in zip(told, [basic["access_token"], narrow]):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert each["access_token"] == claims["jti"] and each["audience"] == server.url
    log = requests.get(
        f"{server.url}/api/activity?actions=grant&size=50", headers=admin.session.headers, timeout=10).text
    assert basic["access_token"] not in log and narrow not in log and robot["token"] not in log
