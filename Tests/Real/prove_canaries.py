"""Secrets leave by one door. Every token that a test saw is looked for in everything that was written."""

import base64
import subprocess

import pytest


class Canaries:
    """Secrets to look for: the tokens that were issued, and things that merely look like one."""

    def __init__(self):
        self.tokens, self.others = [], []

    def token(self, value):
        self.tokens.append(value)
        return value

    def other(self, value):
        self.others.append(value)
        return value

    def needles(self):
        """Whole, its signature alone, and the signature's bytes: any of them would be enough to misuse it."""
        for token in self.tokens:
            signature = token.split(".")[2]
            yield token.encode()
            yield signature.encode()
            yield base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        for other in self.others:
            yield other.encode()

    def assert_absent(self, place, content):
        for needle in self.needles():
            assert needle not in content, f"{needle[:24]!r}… stands in {place}"


def provoke(server, admin, canaries):
    """Uses secrets in every way that might leave a trace; the bodies of all errors."""
    user = admin.post("/api/users", {"name": "Canary", "role": "Member"}).json()
    asked = {"name": "canary", "user_id": user["id"], "expires_in_days": 30}
    issued = admin.post("/api/user-tokens", asked, headers={"Idempotency-Key": "canary"}).json()
    token = canaries.token(issued["bearer_token"])
    again = admin.post("/api/user-tokens", asked, headers={"Idempotency-Key": "canary"}).json()
    assert again["bearer_token"] == token
    path = f"/api/user-tokens/{issued['id']}"
    service = server.client(token)
    service.get("/api/users/me", headers={"User-Agent": "dbt/1.10"})
    successor = admin.post(f"{path}/rotate", {"overlap": "none"}, want=None).json()
    canaries.token(successor["bearer_token"])

    errors = [service.get("/api/users/me", want=401)]
    admin.put(f"/api/user-tokens/{successor['id']}", {"revoke": True, "reason": "compromised"})
    errors += [server.client(successor["bearer_token"]).get("/api/users", want=401)]
    password = canaries.other("hunter2-canary-5f1c2a")
    basic = canaries.other(base64.b64encode(f"ada:{password}".encode()).decode())
    for header in [f"Bearer {password}", f"Basic {basic}", f"Bearer {token[:-3]}AAA", f"bearer  {token}", token]:
        errors.append(server.client().get("/api/users/me", want=None, headers={"Authorization": header}))
    malformed = canaries.other("canary-in-a-body-9d3e")
    admin.session.headers["Content-Type"] = "application/json"
    for body in [f'{{"name": "{malformed}', f'["{malformed}"', f'{{"bearer_token": "{token}", "x": {malformed}}}']:
        errors.append(admin.ask("POST", "/api/users", data=body.encode()))
        errors.append(admin.ask("POST", "/api/user-tokens", data=body.encode()))
    query = canaries.other("canary-in-a-query-77aa")
    errors.append(admin.get(f"/api/users/me?access_token={query}&token={query}", want=None))
    errors.append(server.client().get(f"/api/users/me?access_token={token}", want=None))
    return errors


@pytest.mark.parametrize("level", ["info", "trace"])
def test_no_secret_is_written_anywhere(new_server, engine, level):
    server, canaries = new_server(engine, "--log-level", level), Canaries()
    canaries.token(server.bootstrap())
    server.start()
    admin = server.client(canaries.tokens[0])
    errors = provoke(server, admin, canaries)
    metrics = server.metrics()
    lists = [admin.get(path).text for path in ["/api/user-tokens/service", "/api/activity?size=100", "/api/users"]]
    doctor = server.run("doctor", "--url", server.url, environment={"LATCHKEY_TOKEN": canaries.tokens[0]})
    printed = server.run(*server.command[1:], "--print-config")
    assert server.stop() == 0

    for reply in errors:
        if reply.status_code >= 400:
            canaries.assert_absent(f"the reply to {reply.request.method} {reply.request.path_url[:40]}", reply.content)
            canaries.assert_absent("its headers", str(reply.headers).encode())
    canaries.assert_absent("the log", server.log.read_bytes())
    canaries.assert_absent("the metrics", metrics.encode())
    canaries.assert_absent("what doctor says", (doctor.stdout + doctor.stderr).encode())
    for text in lists:
        canaries.assert_absent("a list", text.encode())
    for file in server.data.rglob("*"):
        if file.is_file():
            canaries.assert_absent(file.name, file.read_bytes())
    if engine:
        dump = subprocess.run(["pg_dump", "--dbname", engine, "--inserts"], capture_output=True, check=True).stdout
        assert b"Canary" in dump
        canaries.assert_absent("the database", dump)
        assert b"latchkey:latchkey" not in server.log.read_bytes()
        assert "latchkey:latchkey" not in printed.stdout + printed.stderr, "the database's password is shown"


def test_a_thousand_wrong_tokens_do_not_grow_metrics(server, admin):
    def series():
        return len([line for line in server.metrics().splitlines() if line and not line.startswith("#")])

    def strangers(start):
        for number in range(start, start + 500):
            client.get(f"/api/nothing-{number}", want=None, headers={"Authorization": f"Bearer wrong-{number}"})
            client.ask("GET", "/api/users/me", headers={"Authorization": f"Bearer wrong-{number}"})

    client = server.client()
    strangers(0)
    before = series()
    strangers(500)
    assert series() <= before
