"""The data platform's own command-line client, unchanged, against a server with more users than one page holds."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from program import clean_environment

USERS = 130
TEAMS = 110
PROGRAM = Path(sys.executable).parent / "qualytics"


@pytest.fixture
def estate(server, admin):
    """130 service users and 110 teams; the token of a Manager to look at them with."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: admin.post("/api/teams", {"name": f"Team {n}", "permission": "Viewer"}), range(TEAMS)))
        list(pool.map(lambda n: admin.post("/api/users", {"name": f"Load {n}", "role": "Member"}), range(USERS)))
    cataloguer = admin.post("/api/users", {"name": "Catalog Sync", "role": "Manager"}).json()
    asked = {"name": "cli", "user_id": cataloguer["id"], "expires_in_days": 90}
    return admin.post("/api/user-tokens", asked).json()["bearer_token"]


@pytest.fixture
def qualytics(folder):
    home = folder / "qualytics-home"
    home.mkdir()

    def run(*arguments, **environment):
        done = subprocess.run(
            [str(PROGRAM), *arguments], capture_output=True, text=True, timeout=120,
            env=clean_environment(
                HOME=str(home), QUALYTICS_NO_BANNER="1", COLUMNS="100000", NO_COLOR="1", TERM="dumb", **environment))
        assert done.returncode == 0, f"qualytics {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def listed(output):
    """What `--format json` printed behind its heading."""
    return json.loads(output[min(at for at in (output.find("["), output.find("{")) if at >= 0):])


def test_it_works_with_a_saved_login(server, admin, estate, qualytics):
    assert "saved" in qualytics("auth", "init", "--url", server.url, "--token", estate)
    status = qualytics("auth", "status")
    assert "Logged in" in status and "expires in" in status

    doctor = qualytics("doctor")
    print(doctor)
    assert "Reachable" in doctor and "Valid (expires in" in doctor
    assert "invalid OpenAPI schema" not in doctor and "Could not" not in doctor
    assert "failed" not in doctor

    users = listed(qualytics("users", "list", "--format", "json"))
    assert len(users) == USERS + 2
    assert len({each["id"] for each in users}) == USERS + 2
    one = listed(qualytics("users", "get", "--id", str(users[57]["id"]), "--format", "json"))
    assert one["id"] == users[57]["id"] and one["user_id"] == users[57]["user_id"]

    teams = listed(qualytics("teams", "list", "--format", "json"))
    assert len(teams) == TEAMS + 1
    assert listed(qualytics("teams", "get", "--id", str(teams[5]["id"]), "--format", "json"))["id"] == teams[5]["id"]


def test_it_works_from_the_environment(server, admin, estate, qualytics):
    known = {"QUALYTICS_URL": server.url, "QUALYTICS_TOKEN": estate}
    assert f"Found {USERS + 2} user(s)" in qualytics("users", "list", **known)
    assert "Public" in qualytics("teams", "list", **known)


def test_doctor_misses_only_what_belongs_to_the_platform(server, admin):
    """Its own list of operations, held against our document: users, teams and status are there."""
    from qualytics.api.compatibility import find_incompatible_operations

    issues = find_incompatible_operations(admin.get("/api/openapi.json").json())
    for ours in ["/api/users", "/api/users/{user_id}", "/api/teams", "/api/teams/{team_id}", "/api/status"]:
        assert not [issue for issue in issues if issue.split(" — ")[0] == f"GET {ours}"], issues
