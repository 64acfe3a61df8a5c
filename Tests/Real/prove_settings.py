"""Settings whose effect no other proof sees: where the API is, what service users show, keys from the environment."""

import json
import subprocess

from program import clean_environment, eventually, problem


def test_the_api_is_where_root_path_says(new_server):
    server = new_server(None, "--root-path", "/latchkey/v1")
    server.spawn()
    client = server.client(server.bootstrap())
    eventually(lambda: serves(client, "/latchkey/v1/health"), within=20)
    made = client.post("/latchkey/v1/users", {"name": "Moved", "role": "Member"})
    assert made.headers["Location"] == f"/latchkey/v1/users/{made.json()['id']}"
    client.get(made.headers["Location"])
    feed = client.get("/latchkey/v1/revocations").json()
    client.get(feed["next"])
    document = client.get("/latchkey/v1/openapi.json").json()
    assert all(path.startswith(("/latchkey/v1/", "/.well-known/")) for path in document["paths"]), document["paths"].keys()
    problem(client.get("/api/users/me", want=None), 404)


def serves(client, path):
    try:
        return client.ask("GET", path).status_code == 204
    except OSError:
        return False


def test_service_users_show_the_address_of_the_setting(new_server):
    server = new_server(None, "--service-email", "machines@example.org").start()
    admin = server.client(server.bootstrap())
    assert admin.post("/api/users", {"name": "Nightly", "role": "Member"}).json()["email"] == "machines@example.org"


def test_keys_may_come_from_the_environment_alone(new_server):
    server = new_server()
    token = server.bootstrap()
    keys = server.data / "keys.json"
    content = keys.read_text()
    keys.unlink()
    with open(server.log, "ab") as log:
        server.process = subprocess.Popen(
            server.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env=clean_environment(LATCHKEY_KEYS=content))
    eventually(server.is_up, within=30)
    admin = server.client(token)
    assert admin.get("/api/users/me").json()["role"] == "Admin"
    made = admin.post("/api/user-tokens", {"name": "another", "expires_in_days": 3}).json()
    server.client(made["bearer_token"]).get("/api/users/me")
    assert not keys.exists(), "keys that were given are not written down"
    secrets = [entry["key"] for kind in ["signing", "digest", "sealing"] for entry in json.loads(content)[kind]]
    assert secrets and not [secret for secret in secrets if secret in server.logged()]


def test_limits_are_as_they_were_set(new_server):
    server = new_server(None, "--limit-token", "3/1m", "--limit-refused", "2/1m").start()
    admin = server.client(server.bootstrap())
    statuses = [admin.get("/api/users/me", want=None).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = admin.get("/api/users/me", want=None)
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert refused.headers["RateLimit-Policy"] == '"token";q=3;w=60'
    problem(refused, 429)
    stranger = server.client("nonsense")
    assert [stranger.get("/api/users/me", want=None).status_code for _ in range(4)] == [401, 401, 429, 429]
    server.client().get("/api/health", want=204)


def test_a_quota_that_is_none_is_an_error(new_server):
    for wrong in ["5", "0/1m", "5/1y", "many", "5/2d", "9999999/1s"]:
        done = new_server().run("serve", "--print-config", "--limit-token", wrong)
        assert done.returncode == 2 and "limit.token" in done.stderr and "600/1m" in done.stderr, f"{wrong}: {done.stderr}"
