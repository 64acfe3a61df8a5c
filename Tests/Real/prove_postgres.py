"""PostgreSQL goes away and comes back; the server goes on with what needs none, and then with everything."""

import subprocess
from urllib.parse import urlsplit

import pytest

from program import POSTGRES, eventually, problem

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)


def tell(statement):
    """As the superuser, through another database."""
    subprocess.run(["psql", POSTGRES, "-qc", statement], check=True, capture_output=True)


def sever(name):
    tell(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_severed_connections_are_made_anew(new_server, engine):
    server = new_server(engine).start()
    admin = server.client(server.bootstrap())
    name = urlsplit(engine).path[1:]
    made = []
    for number in range(5):
        sever(name)
        admin.get("/api/users/me")

        def works():
            reply = admin.post("/api/users", {"name": f"After {number}", "role": "Member"}, want=None)
            assert reply.status_code in (201, 409, 503), reply.text
            return reply.status_code in (201, 409)

        eventually(works, within=10, every=0.2)
        made.append(f"After {number}")
    names = [each["name"] for each in admin.all("/api/users")]
    assert sorted(name for name in names if name.startswith("After")) == made


def test_without_its_database_it_verifies_and_says_what_is_wrong(new_server, engine):
    server = new_server(engine).start()
    admin = server.client(server.bootstrap())
    user = admin.post("/api/users", {"name": "Kept", "role": "Member"}).json()
    token = {"name": "one", "user_id": user["id"], "expires_in_days": 9}
    service = server.client(admin.post("/api/user-tokens", token).json()["bearer_token"])
    name = urlsplit(engine).path[1:]
    tell(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        sever(name)
        for _ in range(20):
            service.get("/api/users/me")
        refused = admin.post("/api/users", {"name": "Refused", "role": "Member"}, want=None)
        body = problem(refused, 503)
        assert int(refused.headers["Retry-After"]) >= 1
        page = server.client().get("/sign-in", want=503, headers={"Accept": "text/html"})
        assert int(page.headers["Retry-After"]) >= 1 and page.headers["X-Request-Id"] in page.text
        assert "Not available now" in page.text and "Try again" in page.text, page.text
        for said in [refused.text, page.text]:
            assert "postgres://" not in said and "FATAL" not in said, body
        assert server.client().get("/api/status").json()["database_connection"] != "OK"
        server.client().get("/api/health", want=204)
    finally:
        tell(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def works():
        return admin.post("/api/users", {"name": "Refused", "role": "Member"}, want=None).status_code == 201

    eventually(works, within=20, every=0.2)
    service.get("/api/users/me")
    assert server.stop() == 0
    assert "latchkey:latchkey" not in server.logged()


def test_a_database_that_does_not_let_us_in_is_said_in_words(new_server, engine):
    for wrong in [engine.replace("latchkey:latchkey@", "latchkey:canary-5521@"), engine + "_that_is_not_there"]:
        server = new_server(wrong)
        done = server.run(*server.command[1:], timeout=60)
        assert done.returncode == 1, done.stderr
        assert "latchkey: error:" in done.stderr and "canary-5521" not in done.stderr, done.stderr
