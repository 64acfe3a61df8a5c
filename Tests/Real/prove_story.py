"""The whole life of a service token, on both engines, as a program outside sees it."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from program import eventually, problem


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def test_a_service_token_lives_and_dies(new_server, engine):
    server = new_server(engine)
    token = server.bootstrap("ada@example.com")  # before the first start
    server.start()
    admin = server.client(token)
    me = admin.get("/api/users/me").json()
    assert (me["email"], me["role"], me["user_type"]) == ("ada@example.com", "Admin", "Human")

    for name in ["Data Engineering", "Data Quality"]:
        admin.post("/api/teams", {"name": name, "permission": "Editor"})
    wanted = {"name": "API Access", "role": "Editor", "teams": ["Data Engineering", "Data Quality"]}
    created = admin.post("/api/users", wanted)
    user = created.json()
    assert created.headers["Location"].endswith(f"/api/users/{user['id']}")
    assert user["user_id"] == user["user_name"] == "api_access@service"
    assert user["email"] == "service@example.com"
    assert user["teams"] == ["Public", "Data Engineering", "Data Quality"]
    problem(admin.post("/api/users", wanted, want=None), 409)

    issued = admin.post(
        "/api/user-tokens", {"name": "api-production", "user_id": user["id"], "expires_in_days": 365}).json()
    assert issued["active"] is True and issued["last_used"] is None and issued["type"] == "Service"
    assert issued["bearer_token"].endswith(issued["hint"])
    a_year = moment(issued["expiration"]) - datetime.now(timezone.utc)
    assert timedelta(days=364, hours=23) < a_year <= timedelta(days=365)

    service = server.client(issued["bearer_token"])
    me = service.get("/api/users/me").json()
    assert (me["id"], me["user_type"], me["role"]) == (user["id"], "Service", "Editor")
    assert (me["token"]["id"], me["token"]["name"]) == (issued["id"], "api-production")
    problem(service.get("/api/users", want=None), 403)
    problem(service.post("/api/users", {"name": "Me too", "role": "Admin"}, want=None), 403)

    path = f"/api/user-tokens/{issued['id']}"
    used = eventually(lambda: admin.get(path).json()["last_used"], within=4)
    assert abs(datetime.now(timezone.utc) - moment(used)) < timedelta(seconds=20)
    assert "bearer_token" not in admin.get(path).json()

    problem(admin.delete(path, want=None), 409)
    revoked = admin.put(path, {"revoke": True, "reason": "unspecified"}).json()
    assert (revoked["active"], revoked["status"]) == (False, "revoked")
    refused = service.get("/api/users/me", want=401)
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert admin.put(path, {"revoke": False}).json()["status"] == "active"
    service.get("/api/users/me")

    rotated = admin.post(f"{path}/rotate", {"overlap": "none"}, want=None)
    assert rotated.status_code in (200, 201), rotated.text
    successor = rotated.json()
    service.get("/api/users/me", want=401)
    server.client(successor["bearer_token"]).get("/api/users/me")
    problem(admin.post(f"{path}/rotate", {}, want=None), 409)

    admin.delete(path)
    problem(admin.get(path, want=None), 404)
    after_deactivation(server, admin, user, successor)
    what_is_remembered(admin, user, issued)
    assert server.stop() == 0


def after_deactivation(server, admin, user, successor):
    """A user with active tokens is not deactivated by mistake; one that is has no working token."""
    path = f"/api/users/{user['id']}"
    assert "1" in problem(admin.delete(path, want=None), 400)["detail"]
    admin.delete(f"{path}?revoke_tokens=true")
    server.client(successor["bearer_token"]).get("/api/users/me", want=401)
    problem(admin.put(f"/api/user-tokens/{successor['id']}", {"revoke": False}, want=None), 409)
    restored = admin.post(f"{path}/restore", want=None)
    assert restored.status_code in (200, 201), restored.text
    server.client(successor["bearer_token"]).get("/api/users/me", want=401)


def what_is_remembered(admin, user, issued):
    assert [each["verb"] for each in admin.all(f"/api/users/{user['id']}/history")][0] == "create"
    events = admin.all(f"/api/activity?object_id={user['id']}&object_type=user")
    assert events, "no event for the user"
    about_token = admin.all(f"/api/activity?object_type=token&object_id={issued['id']}")
    assert len(about_token) >= 5, about_token  # issued, revoked, restored, rotated, deleted
    assert issued["bearer_token"] not in json.dumps(about_token)


def test_curl_is_enough(server):
    """The lines that the README shows."""
    token = server.bootstrap()

    def curl(path, *more):
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--fail-with-body", "-H", f"Authorization: Bearer {token}", *more,
             server.url + path], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    asked = ["-H", "Content-Type: application/json", "-d"]
    user = curl("/api/users", *asked, '{"name":"Nightly Load","role":"Member"}')
    assert user["user_id"] == "nightly_load@service"
    wanted = {"name": "airflow", "user_id": user["id"], "expires_in_days": 90}
    issued = curl("/api/user-tokens", *asked, json.dumps(wanted))
    token = issued["bearer_token"]
    assert curl("/api/users/me")["user_id"] == "nightly_load@service"
    assert curl("/api/")["version"]


def test_a_retried_request_is_answered_as_the_first_was(admin):
    key = {"Idempotency-Key": "load-2027-01-31"}
    first = admin.post("/api/users", {"name": "Retried", "role": "Member"}, headers=key)
    again = admin.post("/api/users", {"name": "Retried", "role": "Member"}, headers=key)
    assert first.json() == again.json()
    problem(admin.post("/api/users", {"name": "Another", "role": "Member"}, want=None, headers=key), 422)
    token = {"name": "once", "user_id": first.json()["id"], "expires_in_days": 30}
    issued = [admin.post("/api/user-tokens", token, headers={"Idempotency-Key": "t"}).json() for _ in range(2)]
    assert issued[0]["bearer_token"] == issued[1]["bearer_token"]


def test_a_hundred_rotations_at_once_make_one_successor(new_server, engine):
    server = new_server(engine).start()
    token = server.bootstrap()
    admin = server.client(token)
    user = admin.post("/api/users", {"name": "Rotated", "role": "Member"}).json()
    issued = admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 30}).json()

    def rotate(_):
        return server.client(token).post(f"/api/user-tokens/{issued['id']}/rotate", want=None).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(rotate, range(100)))
    assert sum(status in (200, 201) for status in statuses) == 1, statuses
    assert statuses.count(409) == 99, statuses
    names = admin.get("/api/user-tokens/service").json()
    assert len([each for each in names if each["user"]["id"] == user["id"]]) == 2


def test_a_hundred_creates_of_one_name_make_one(new_server, engine):
    server = new_server(engine).start()
    token = server.bootstrap()

    def create(number):
        name = ["API Access", "api  access", "ÁPI Access", "Api\u0301 access"][number % 4]
        return server.client(token).post("/api/users", {"name": name, "role": "Member"}, want=None).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(create, range(100)))
    assert (statuses.count(201), statuses.count(409)) == (1, 99), statuses
    assert len(server.client(token).all("/api/users?type=Service")) == 1


def test_the_way_in_and_the_way_back_in(new_server, engine):
    server = new_server(engine).start()
    token = server.bootstrap()
    second = server.run("admin", "bootstrap", "--email", "eve@example.com", *server.storage)
    assert second.returncode == 1 and "bearer_token" not in second.stdout and "--break-glass" in second.stderr
    rescued = server.client(server.bootstrap("bob@example.com", "--break-glass"))
    eventually(lambda: rescued.get("/api/users/me", want=None).status_code == 200, within=5)
    assert rescued.get("/api/users/me").json()["role"] == "Admin"
    assert [each["email"] for each in server.client(token).all("/api/users")] == ["ada@example.com", "bob@example.com"]


def test_a_token_made_beside_the_server_works_at_once(new_server, engine):
    """However many use it first, and however short after: the server reads what it does not know before it refuses."""
    server = new_server(engine).start()
    server.bootstrap()
    with ThreadPoolExecutor(16) as pool:
        for number in range(10):
            token = server.bootstrap(f"bob{number}@example.com", "--break-glass")
            asked = lambda _: server.client(token).get("/api/users/me", want=None).status_code
            assert set(pool.map(asked, range(32))) == {200}
