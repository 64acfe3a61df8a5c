"""Directory sync against foreign clients: scim2-tester runs its whole suite, scim2-cli does a day's work."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from httpx2 import Client as HTTPClient
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from program import clean_environment, eventually

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

# Checks that may be skipped, each with its reason. There is none.
SKIPPED = {}


class Directory:
    """A service user, its SCIM token, and SCIM requests with it."""

    def __init__(self, server, admin, name="Directory"):
        self.account = admin.post("/api/users", {"name": name, "role": "Member"}).json()
        self.admin = admin
        self.base = f"{server.url}/api/scim/v2"
        self.token = self.new_token("first")
        self.client = server.client(self.token)
        self.client.url = self.base

    def new_token(self, name):
        body = {"name": name, "user_id": self.account["id"], "scim_endpoints_only": True}
        return self.admin.post("/api/user-tokens", body).json()["bearer_token"]

    def person(self, name, **more):
        return self.client.post("/Users", {"schemas": [USER], "userName": name, **more}).json()

    def edit(self, path, *operations, want=200):
        return self.client.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, want)


@pytest.fixture
def directory(server, admin):
    return Directory(server, admin)


@pytest.fixture
def directory_on(engine, new_server):
    server = new_server(engine).start()
    return Directory(server, server.client(server.bootstrap()))


def test_every_check_of_scim2_tester_passes(directory_on):
    http = HTTPClient(
        base_url=directory_on.base, headers={"Authorization": f"Bearer {directory_on.token}"}, timeout=30)
    results = check_server(SyncSCIMClient(http))
    assert len(results) > 100
    failed = [f"{r.title} {r.resource_type}: {r.reason}" for r in results if r.status == Status.ERROR]
    skipped = [r.title for r in results if r.status == Status.SKIPPED and r.title not in SKIPPED]
    assert not failed and not skipped, "\n".join(failed + skipped)


def cli(directory, *arguments):
    program = Path(sys.executable).with_name("scim")
    environment = clean_environment(
        SCIM_CLI_URL=directory.base, SCIM_CLI_HEADERS=f"Authorization: Bearer {directory.token}")
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, timeout=60, env=environment,
        stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{arguments}: {done.stdout} {done.stderr}"
    return done.stdout


def test_scim2_cli_makes_changes_finds_and_deletes(directory):
    made = json.loads(cli(directory, "create", "user", "--user-name", "cli@example.com", "--display-name", "Cli"))
    found = json.loads(cli(directory, "query", "user", made["id"]))
    assert found["userName"] == "cli@example.com"
    cli(directory, "replace", "user", "--id", made["id"], "--user-name", "cli@example.com", "--display-name", "Other")
    assert json.loads(cli(directory, "query", "user", made["id"]))["displayName"] == "Other"
    cli(directory, "delete", "user", made["id"])
    directory.client.get(f"/Users/{made['id']}", want=404)


def test_a_deactivated_person_is_shut_out_at_once(directory, server, admin):
    person = directory.person("eve@example.com", active=True)
    directory.edit(f"/Users/{person['id']}", {"op": "Replace", "path": "active", "value": "False"})
    account = admin.get(f"/api/users/{person['id']}").json()
    assert account["deleted_at"] and account["user_type"] == "Human"
    events = admin.get(f"/api/activity?object_type=user&object_id={person['id']}").json()["items"]
    assert [event["verb"] for event in events] == ["deactivate", "create"]
    assert events[0]["transaction"]["user"]["name"] == "Directory"


def test_two_tokens_live_at_once_so_that_rotation_needs_no_gap(directory, server):
    person = directory.person("eve@example.com")
    second = server.client(directory.new_token("second"))
    assert second.get(f"/api/scim/v2/Users/{person['id']}").json()["userName"] == "eve@example.com"
    directory.client.get(f"/Users/{person['id']}")
    for path in ["/api/users/me", "/api/users", "/api/user-tokens", "/api/teams"]:
        second.get(path, want=403)


def test_what_was_synced_is_told_to_admins(directory, admin):
    directory.person("eve@example.com")
    directory.client.ask("POST", "/Users", {"schemas": [USER], "userName": "EVE@example.com"}, 409)
    overview = eventually(lambda: admin.get("/api/directory-sync").json())
    assert overview["runs"][0]["counts"] == {"people_created": 1}
    assert overview["faults"][0]["status"] == 409
    assert overview["faults"][0]["subject"] == "EVE@example.com"
    checked = admin.post("/api/directory-sync/check", {"user_id": directory.account["id"]}, want=200).json()
    assert checked["passed"], checked
    assert directory.client.get("/Users").json()["totalResults"] == 2


def test_a_restart_forgets_nothing(directory, server):
    person = directory.person("eve@example.com", title="Guide", password="hunter2-canary")
    group = directory.client.post(
        "/Groups",
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Guides",
         "members": [{"value": person["id"]}]}).json()
    before = directory.client.get(f"/Users/{person['id']}").json()
    assert server.stop() == 0
    server.start()
    assert directory.client.get(f"/Users/{person['id']}").json() == before
    assert directory.client.get(f"/Groups/{group['id']}").json()["members"][0]["value"] == person["id"]
    written = b"".join(path.read_bytes() for path in server.data.glob("latchkey.db*"))
    assert b"hunter2-canary" not in written and "hunter2-canary" not in server.logged()
