"""Every route of the document, asked by every kind of caller: nobody gets more than docs/permissions.txt grants."""

import re

import pytest

from program import ROOT, eventually

OPEN = {"/api/", "/api/health", "/api/status", "/api/openapi.json", "/.well-known/jwks.json"}
ROLES = ["Member", "Editor", "Manager", "Admin"]


def granted():
    """Permission → the callers that have it."""
    lines = (ROOT / "docs/permissions.txt").read_text().splitlines()
    callers = re.split(r"\s{2,}", lines[0].strip())
    table = {}
    for line in lines[1:]:
        name, *answers = line.split()
        table[name] = {caller for caller, answer in zip(callers, answers) if answer == "yes"}
    return table


def guarded(admin):
    """(method, path, permission) of every operation that is not open to all; ids are those of nothing."""
    document = admin.get("/api/openapi.json").json()
    for path, operations in document["paths"].items():
        if path in OPEN:
            continue
        for method, operation in operations.items():
            if method in ("get", "post", "put", "delete"):
                yield method.upper(), path.replace("{id}", "987654321"), operation.get("x-permission")


def ask(client, method, path):
    """Without a body: who may is asked before what."""
    return client.ask(method, path, headers={"Content-Type": "application/json"})


@pytest.fixture
def issue(server, admin):
    """Issues tokens to service users of their own; a client with the token."""
    made = []

    def issue(of_role="Member", **limits):
        made.append(None)
        user = admin.post("/api/users", {"name": f"Caller {len(made)}", "role": of_role}).json()
        body = {"name": "one", "user_id": user["id"], "expires_in_days": 30, **limits}
        client = server.client(admin.post("/api/user-tokens", body).json()["bearer_token"])
        return client

    return issue


def test_there_is_much_to_ask(admin):
    assert len(list(guarded(admin))) > 25


def test_nobody_is_let_in_without_a_token(server, admin):
    for method, path, _ in guarded(admin):
        reply = ask(server.client(), method, path)
        assert reply.status_code == 401, f"{method} {path}: {reply.status_code}"
        assert reply.headers["WWW-Authenticate"].startswith("Bearer"), f"{method} {path}"
        assert "error" not in reply.headers["WWW-Authenticate"]


def test_a_scim_token_is_let_in_nowhere(admin, issue):
    client = issue("Admin", scim_endpoints_only=True)
    for method, path, _ in guarded(admin):
        assert ask(client, method, path).status_code == 403, f"{method} {path}"


def test_a_token_from_elsewhere_is_let_in_nowhere(admin, issue):
    client = issue("Admin", allowed_cidrs=["10.0.0.0/8", "2001:db8::/32"])
    for method, path, _ in guarded(admin):
        assert ask(client, method, path).status_code in (401, 403), f"{method} {path}"
    spoofed = {"X-Forwarded-For": "10.1.2.3", "X-Real-IP": "10.1.2.3", "Forwarded": "for=10.1.2.3"}
    assert client.get("/api/users/me", want=None, headers=spoofed).status_code in (401, 403)
    assert issue("Member", allowed_cidrs=["127.0.0.0/8"]).get("/api/users/me").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_table_grants(admin, issue, role):
    table = granted()
    client, lowered = issue(role), issue("Admin", role=role)
    for method, path, permission in guarded(admin):
        for caller in (client, lowered):
            status = ask(caller, method, path).status_code
            if permission is None or role in table[permission]:
                assert status not in (401, 403), f"{role} {method} {path}: {status}"
            else:
                assert status == 403, f"{role} {method} {path}: {status}"


def test_a_token_for_one_action_is_good_for_no_other(admin, issue):
    client = issue("Admin", actions=["teams:read"])
    for method, path, permission in guarded(admin):
        status = ask(client, method, path).status_code
        if permission == "teams:read":
            assert status not in (401, 403), f"{method} {path}: {status}"
        elif permission not in (None, "self:read"):
            assert status == 403, f"{method} {path}: {status}"


def test_the_last_admin_stays(admin):
    me = admin.get("/api/users/me").json()["id"]
    assert admin.put(f"/api/users/{me}", {"role": "Member"}, want=None).status_code == 409
    assert admin.delete(f"/api/users/{me}?revoke_tokens=true", want=None).status_code in (400, 409)
    admin.get("/api/users/me")


def test_what_comes_in_a_header_changes_no_record(admin):
    lies = {"X-Forwarded-For": "203.0.113.9", "X-Request-Id": "mine-17"}
    user = admin.post("/api/users?actor=7&user=7", {"name": "Lied", "role": "Member"}, headers=lies, want=None)
    assert user.status_code in (201, 422)
    if user.status_code == 422:
        user = admin.post("/api/users", {"name": "Lied", "role": "Member"}, headers=lies)
    assert user.headers["X-Request-Id"] == "mine-17"
    event = admin.get(f"/api/activity?object_type=user&object_id={user.json()['id']}").json()["items"][0]
    assert (event["address"], event["request_id"]) == ("127.0.0.1", "mine-17")
    assert event["transaction"]["user"]["email"] == "ada@example.com"


def test_use_is_counted_by_route_address_and_outcome(admin, issue):
    client = issue("Member")
    for _ in range(7):
        client.get("/api/users/me", headers={"User-Agent": "dbt/1.10.2"})
    for _ in range(3):
        client.get("/api/users", want=403)
    number = client.get("/api/users/me").json()["token"]["id"]

    def counted():
        usage = admin.get(f"/api/user-tokens/{number}/usage").json()
        return usage if "127.0.0.1" in str(usage) and "dbt" in str(usage) else None

    usage = eventually(counted, within=5)
    assert sum(row["count"] for row in usage["items"]) >= 11, usage
