"""Both examples of a verifier that asks nobody: they tell working tokens from others, and hear of every change."""

import os
import subprocess
import sys

import pytest
import requests

from program import BINARY, ROOT, clean_environment, eventually

REVOKED = "refused revoked"
EXAMPLES = ROOT / "examples/offline-verifier"
PROGRAMS = {
    "python": [sys.executable, str(EXAMPLES / "verifier.py")],
    "swift": [os.environ.get("LATCHKEY_OFFLINE_VERIFIER", str(BINARY.parent / "offline-verifier"))],
}


class Verifier:
    """One of the programs, asked line by line."""

    def __init__(self, command, url, token, *patience):
        self.process = subprocess.Popen(
            [*command, url, *patience], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env=clean_environment(LATCHKEY_TOKEN=token))

    def says(self, token):
        self.process.stdin.write(token + "\n")
        return self.process.stdout.readline().strip()

    def becomes(self, token, wanted):
        eventually(lambda: self.says(token).startswith(wanted), within=10, every=0.05)


@pytest.fixture(params=PROGRAMS)
def command(request):
    command = PROGRAMS[request.param]
    if request.param == "swift" and not os.path.exists(command[0]):
        pytest.skip("the Swift example is not built: swift build --product offline-verifier")
    return command


@pytest.fixture
def verifier(command, server, admin):
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
    assert verifier.says(verifier.dead_before).startswith(REVOKED)
    admin.put(path, {"revoke": True})
    verifier.becomes(token, REVOKED)
    admin.put(path, {"revoke": False})
    verifier.becomes(token, "works")
    successor = admin.post(f"{path}/rotate", {"overlap": "none"}).json()["bearer_token"]
    verifier.becomes(token, REVOKED)
    assert verifier.says(successor).startswith("works")
    admin.delete(f"/api/users/{issued['user']['id']}?revoke_tokens=true")
    verifier.becomes(successor, REVOKED)


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


def test_access_tokens_are_checked_for_whom_they_are_meant_and_end_with_their_own(server, admin, verifier):
    issued = issue(admin, "Nightly load")
    grant = requests.post(
        f"{server.url}/oauth2/token", {"grant_type": "client_credentials"}, timeout=10,
        auth=("nightly_load@service", issued["bearer_token"]))
    access = grant.json()["access_token"]
    assert verifier.says(access) == "works nightly_load@service"
    admin.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
    verifier.becomes(access, REVOKED)


def test_a_token_for_directory_sync_opens_nothing_else(admin, verifier):
    scim = issue(admin, "Directory", scim_endpoints_only=True)["bearer_token"]
    assert verifier.says(scim).startswith("refused")


def test_who_hears_nothing_for_too_long_refuses_everything(server, admin, command):
    token = issue(admin, "Nightly load")["bearer_token"]
    verifier = Verifier(command, server.url, token, "3")
    try:
        assert verifier.says(token) == "works nightly_load@service"
        other = issue(admin, "Another")
        server.stop(within=5)
        verifier.becomes(token, "refused")
        server.start()
        admin.put(f"/api/user-tokens/{other['id']}", {"revoke": True})
        verifier.becomes(token, "works")
    finally:
        verifier.process.kill()
        verifier.process.wait()


@pytest.mark.parametrize("example", ["verifier.py", "Swift/OfflineVerifier.swift"])
def test_it_is_short_enough_to_be_read(example):
    assert len((EXAMPLES / example).read_text().splitlines()) <= 60
