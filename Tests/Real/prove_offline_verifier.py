"""Both examples of a verifier that asks nobody: they tell working tokens from others, and hear of every change."""

import os
import subprocess
import sys

import pytest

from program import BINARY, ROOT, clean_environment, eventually

EXAMPLES = ROOT / "examples/offline-verifier"
PROGRAMS = {
    "python": [sys.executable, str(EXAMPLES / "verifier.py")],
    "swift": [os.environ.get("LATCHKEY_OFFLINE_VERIFIER", str(BINARY.parent / "offline-verifier"))],
}


class Verifier:
    """One of the programs, asked line by line."""

    def __init__(self, command, url, token):
        self.process = subprocess.Popen(
            [*command, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env=clean_environment(LATCHKEY_TOKEN=token))

    def says(self, token):
        self.process.stdin.write(token + "\n")
        return self.process.stdout.readline().strip()

    def becomes(self, token, wanted):
        eventually(lambda: self.says(token).startswith(wanted), within=10, every=0.05)


@pytest.fixture(params=PROGRAMS)
def verifier(request, server, admin):
    command = PROGRAMS[request.param]
    if request.param == "swift" and not os.path.exists(command[0]):
        pytest.skip("the Swift example is not built: swift build --product offline-verifier")
    dead = issue(admin, "Dead before")
    admin.put(f"/api/user-tokens/{dead['id']}", {"revoke": True})
    reader = issue(admin, "Reader")["bearer_token"]
    started = Verifier(command, server.url, reader)
    started.dead_before = dead["bearer_token"]
    yield started
    started.process.kill()
    started.process.wait()


def issue(admin, name, **more):
    user = admin.post("/api/users", {"name": name, "role": "Member"}).json()
    return admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 9, **more}).json()


def test_it_knows_what_works_and_hears_what_changes(server, admin, verifier):
    issued = issue(admin, "Nightly load")
    token, path = issued["bearer_token"], f"/api/user-tokens/{issued['id']}"
    assert verifier.says(token) == "works nightly_load@service"
    assert verifier.says(verifier.dead_before) == "refused revoked"
    admin.put(path, {"revoke": True})
    verifier.becomes(token, "refused revoked")
    admin.put(path, {"revoke": False})
    verifier.becomes(token, "works")
    successor = admin.post(f"{path}/rotate", {"overlap": "none"}).json()["bearer_token"]
    verifier.becomes(token, "refused revoked")
    assert verifier.says(successor).startswith("works")
    admin.delete(f"/api/users/{issued['user']['id']}?revoke_tokens=true")
    verifier.becomes(successor, "refused revoked")


def test_nothing_that_is_altered_or_foreign_works(server, admin, verifier, new_server):
    token = issue(admin, "Nightly load")["bearer_token"]
    head, body, signature = token.split(".")
    stranger = new_server()
    foreign = stranger.bootstrap()
    for wrong in [
        f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body[:-2]}xx.{signature}", f"{head}.{body}.", "nonsense", "..",
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + body + ".", foreign,
    ]:
        assert verifier.says(wrong).startswith("refused"), wrong
    assert verifier.says(token).startswith("works")


def test_a_server_that_stops_sends_its_readers_home_at_once(server, admin, verifier):
    token = issue(admin, "Nightly load")["bearer_token"]
    assert verifier.says(token).startswith("works")
    assert server.stop(within=5) == 0
    assert verifier.says(token).startswith("works"), "what is known stays known for a while"
    server.start()
    issued = issue(server.client(admin.session.headers["Authorization"][7:]), "After the restart")
    verifier.becomes(issued["bearer_token"], "works")
