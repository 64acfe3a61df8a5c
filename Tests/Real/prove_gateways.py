"""Gateways ask before they let anything through, and tell the API whose request it is."""

import itertools

from gateways import IDENTITY, LIES


def arrived(reply):
    """The identity as it reached the API: every field, exactly once."""
    headers = reply.json()["headers"]
    assert not [name for name, _ in headers if "_" in name.lower() and "latchkey" in name.lower()], headers
    found = {}
    for name in IDENTITY:
        values = [value for given, value in headers if given.lower() == f"x-latchkey-{name}".lower()]
        assert len(values) <= 1, (name, values)
        found[name] = values[0] if values else ""
    return found


def test_who_may_passes_and_the_api_learns_who_it_is(scene):
    bearer = scene.token["bearer_token"]
    reply = scene.ask(token=bearer)
    assert reply.status_code == 200, reply.text
    assert arrived(reply) == {
        "User": "reader@service", "User-Id": str(scene.user["id"]), "User-Type": "Service", "Role": "Editor",
        "Teams": "Public,S%C3%B6les%2C%20EU", "Token-Id": str(scene.token["id"]), "Token-Name": "reading", "Scopes": "",
    }
    assert not [name for name, _ in reply.json()["headers"] if name.lower() == "authorization"]
    narrowed = scene.new_token("narrow", actions=["self:read", "reports:view"])["bearer_token"]
    assert arrived(scene.ask(token=narrowed))["Scopes"] == "reports:view self:read"
    uses = scene.admin.get(f"/api/user-tokens/{scene.token['id']}/usage").json()
    assert "/reports/{id}" in str(uses)


def test_method_and_query_and_body_reach_the_api_as_they_were(scene):
    bearer = scene.token["bearer_token"]
    assert scene.ask(path="/reports/7?a=/../b&c=%2F", token=bearer).json()["path"] == "/reports/7?a=/../b&c=%2F"
    assert scene.ask("HEAD", token=bearer).status_code == 200
    owner = scene.admin.session.headers["Authorization"].removeprefix("Bearer ")
    reply = scene.ask("PUT", token=owner, data=b"x" * 200_000)
    assert reply.status_code == 200 and reply.json()["method"] == "PUT" and len(reply.json()["body"]) == 200_000


def test_who_may_not_is_told_so_and_the_api_hears_nothing(scene):
    bearer = scene.token["bearer_token"]
    denied = {
        ("GET", "/reports/8"): bearer, ("PUT", "/reports/7"): bearer, ("DELETE", "/reports/7"): bearer,
        ("POST", "/reports/7"): bearer, ("GET", "/nothing"): bearer, ("GET", "/"): bearer,
    }
    for (method, path), token in denied.items():
        assert scene.ask(method, path, token).status_code == 403, (method, path)
    for token in [None, "nonsense", bearer[:-2] + ("AA" if not bearer.endswith("AA") else "BB")]:
        reply = scene.ask(token=token)
        assert reply.status_code == 401, reply.text
        assert reply.headers["WWW-Authenticate"].startswith('Bearer realm="latchkey"')
    assert scene.ask(headers={"Authorization": "Basic YTpi"}).status_code == 401
    assert scene.api.seen == []


def test_what_is_open_needs_no_token_and_bears_no_identity(scene):
    reply = scene.ask(path="/open")
    assert reply.status_code == 200
    assert arrived(reply) == dict.fromkeys(IDENTITY, "")


def test_a_client_cannot_say_who_it_is(scene):
    lies = {}
    for name in IDENTITY:
        lies[f"x-latchkey-{name}".lower()] = "Admin"
        words = ["X", "Latchkey", *name.split("-")]
        for separators in itertools.product("-_", repeat=len(words) - 1):
            lies["".join(itertools.chain(*itertools.zip_longest(words, separators, fillvalue="")))] = "Admin"
    if scene.gateway.kind == "envoy":
        assert scene.ask(token=scene.token["bearer_token"], headers=lies).status_code == 400, "names with underscores"
        assert scene.api.seen == []
        lies = {name: lie for name, lie in lies.items() if "_" not in name}
    reply = scene.ask(token=scene.token["bearer_token"], headers=lies)
    assert reply.status_code == 200
    assert arrived(reply)["Role"] == "Editor"
    assert "Admin" not in reply.text
    assert arrived(scene.ask(path="/open", headers=lies)) == dict.fromkeys(IDENTITY, "")


def test_a_client_cannot_say_what_it_asks(scene):
    """The fields in which gateways tell of the request are theirs alone."""
    for name in [*LIES, "X-Forwarded-Host"]:
        lie = {name: LIES.get(name, "/open")}
        assert scene.ask("PUT", token=scene.token["bearer_token"], headers=lie).status_code == 403, name
        assert scene.ask("GET", token=None, headers=lie).status_code == 401, name
        assert scene.ask("GET", token=scene.token["bearer_token"], headers=lie).status_code == 200, name


ODD_PATHS = [
    "/open/../reports/8", "/open/%2e%2e/reports/8", "/open/%2E%2E/reports/8", "//reports//8", "/./reports/./8",
    "/reports/7/../8", "/reports/7%2f..%2f8", "/reports%2f8", "/reports/%38", "/reports/7%00", "/reports/7;x=1",
    "/reports/7/%2e%2e/8", "/open%2f..%2freports%2f8", "/open/..%2freports%2f8", "/open/..;/reports/8",
    "/open\\..\\reports\\8", "/reports/7%", "/reports/7%zz", "/OPEN", "/reports/7%5c..%5c8", "/open#/reports/8",
]


def test_odd_paths_open_nothing(scene):
    """Whatever they become, they are not report 7 and not open, so nothing may pass."""
    for path in ODD_PATHS:
        scene.api.seen.clear()
        status = scene.raw(path, f"Authorization: Bearer {scene.token['bearer_token']}")
        if status == 200:
            # A gateway may cut a path off at `#` itself; then it passes on what it asked about.
            assert [seen["path"] for seen in scene.api.seen] == ["/open"], (path, scene.api.seen)
        else:
            assert 400 <= status < 600, (path, status)
            assert scene.api.seen == [], path


def test_two_credentials_open_nothing(scene):
    status = scene.raw(
        "/reports/7", "Authorization: Bearer x", f"Authorization: Bearer {scene.token['bearer_token']}")
    assert status in (400, 401, 403)
    assert scene.api.seen == []


def test_a_revoked_token_stops_at_once(scene):
    bearer = scene.token["bearer_token"]
    assert scene.ask(token=bearer).status_code == 200
    scene.admin.put(f"/api/user-tokens/{scene.token['id']}", {"revoke": True})
    assert scene.ask(token=bearer).status_code == 401


def test_an_authority_that_is_down_means_no(scene):
    bearer = scene.token["bearer_token"]
    assert scene.ask(token=bearer).status_code == 200
    scene.authority.kill()
    before = len(scene.api.seen)
    for path in ["/reports/7", "/open"]:
        assert scene.ask(path=path, token=bearer).status_code in (403, 500, 502, 503), path
        assert scene.ask(path=path).status_code in (403, 500, 502, 503), path
    assert len(scene.api.seen) == before


def test_many_at_once_get_their_own_answers(scene):
    """Over kept connections, answers are never mixed up."""
    from concurrent.futures import ThreadPoolExecutor

    bearer = scene.token["bearer_token"]

    def one(number):
        wanted = [(200, "/reports/7", bearer), (403, "/reports/8", bearer), (401, "/reports/7", None), (200, "/open", None)]
        status, path, token = wanted[number % 4]
        return scene.ask(path=path, token=token).status_code == status

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(one, range(400)))
