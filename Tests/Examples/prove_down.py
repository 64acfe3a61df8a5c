"""A Latchkey that is down, or that refuses, means denied: with every client of examples/ and every way to be down.

No client ends well or goes on to the API that it was for; each ends within some seconds, and says why it was refused.
Gateways have proofs of their own (Tests/Real).
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from clients import ENVIRONMENTS, EXAMPLES, airflow_home, attempt, program, run
from program import BINARY, clean_environment
from stand_ins import REASON, Absent, Catalog

FAULTS = ["is not there", "answers 503", "hangs", "refuses", "says nothing", "gives no token"]
MADE_UP = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"
WITHIN = 120  # the clients wait 10 s; Airflow and pyatlan take long to load, and here many do at once


@dataclass
class Place:
    """Where a client is tried: a Latchkey that gives nothing, the API that is protected, and a folder."""

    url: str
    api: Catalog
    folder: Path

    def attempt(self, *command, **more):
        variables = {"LATCHKEY_URL": self.url, "LATCHKEY_USER": "a@service", "LATCHKEY_TOKEN": MADE_UP}
        return attempt(*command, **{"timeout": WITHIN, **variables, **more})

    def file(self, name, content):
        (self.folder / name).write_text(content)
        return self.folder / name


def curl(at):
    return at.attempt(EXAMPLES / "curl/whoami.sh", LATCHKEY_TOKEN_FILE=at.file("token", MADE_UP))


def python(at):
    return at.attempt(sys.executable, EXAMPLES / "python/latchkey_session.py")


def node(at):
    return at.attempt(shutil.which("node"), EXAMPLES / "node/latchkey.mjs")


def dbt(at):
    """The script after the run, where all was built well: dbt itself never asks Latchkey."""
    results = at.file("run_results.json", json.dumps({"results": [{"unique_id": "model.orders", "status": "success"}]}))
    return at.attempt(
        sys.executable, EXAMPLES / "dbt/after_run.py", results, API_URL=at.api.url,
        DBT_ENV_SECRET_LATCHKEY_TOKEN=MADE_UP)


def atlan(at):
    return at.attempt(
        program("catalog", "python"), EXAMPLES / "catalog/atlan_sync.py", ATLAN_BASE_URL=at.api.url, ATLAN_API_KEY="k")


def alation(at):
    return at.attempt(
        sys.executable, EXAMPLES / "catalog/alation_sync.py", ALATION_URL=at.api.url, ALATION_REFRESH_TOKEN="r",
        ALATION_USER_ID="1", ALATION_FIELD_ID="10007")


def github_actions(at):
    platform = Catalog(lambda path, sent: {"value": MADE_UP})
    steps = yaml.safe_load((EXAMPLES / "github-actions/nightly.yml").read_text())["jobs"]["load"]["steps"]
    done = at.attempt(
        "bash", "-e", "-c", steps[0]["run"], GITHUB_ENV=at.folder / "env", ACTIONS_ID_TOKEN_REQUEST_TOKEN="t",
        ACTIONS_ID_TOKEN_REQUEST_URL=f"{platform.url}/job-token?api-version=2.0")
    platform.stop()
    assert not (at.folder / "env").exists(), "the next step would find a token"
    return done


def gitlab_ci(at):
    job = yaml.safe_load((EXAMPLES / "gitlab-ci/.gitlab-ci.yml").read_text())["nightly load"]
    return at.attempt("sh", "-c", "\n".join(["set -e", *job["script"]]), IDENTITY=MADE_UP)


def kubernetes(at):
    job = yaml.safe_load((EXAMPLES / "kubernetes/job.yaml").read_text())
    container, = job["spec"]["template"]["spec"]["containers"]
    return at.attempt(*container["command"], *container["args"], TOKEN_FILE=at.file("token", MADE_UP))


def airflow(at):
    """One try of the DAG's first task, whose hook asks Latchkey itself; that the next does not run, prove_examples has.

    `tasks test` ends with 0 whatever becomes of the task, so it is the task's state that counts.
    """
    shutil.copy(migrated(at.folder.parent), at.folder / "airflow.db")
    done = at.attempt(
        program("airflow", "airflow"), "tasks", "test", "latchkey_catalog", "whoami",
        **airflow_home(at.folder, at.url, MADE_UP))
    done.returncode = int("new_state=up_for_retry" in done.stdout and "new_state=success" not in done.stdout)
    return done


def migrated(folder, turn=threading.Lock()):
    """An empty database of Airflow's. It takes long to make, so it is made once."""
    with turn:
        home = airflow_home(folder, "http://127.0.0.1", MADE_UP)
        if not (folder / "airflow.db").exists():
            run(program("airflow", "airflow"), "db", "migrate", **home)
        return folder / "airflow.db"


CLIENTS = {each.__name__: each for each in [
    airflow, alation, atlan, curl, dbt, github_actions, gitlab_ci, kubernetes, node, python]}
MAY_ASK = {"airflow": {"/api/users/me"}}


def missing(client):
    """Why a client cannot be run here; nothing where it can."""
    programs = {
        "airflow": ENVIRONMENTS / "airflow/bin/airflow", "atlan": ENVIRONMENTS / "catalog/bin/python",
        "node": Path(shutil.which("node") or "/no/node")}
    if client in programs and not programs[client].exists():
        return f"{programs[client]} is not there"


def tried(client, fault, folder):
    """What a client did: (the finished process, what Latchkey was asked, what the API was asked)."""
    folder.mkdir()
    latchkey, api = Absent(fault), Catalog(lambda path, sent: {})
    try:
        done = CLIENTS[client](Place(latchkey.url, api, folder))
        return done, latchkey.catalog.paths, api.paths
    finally:
        latchkey.stop()
        api.stop()


@pytest.fixture(scope="module")
def outcomes(request, tmp_path_factory):
    """What is to be tried in this run, all under way at once: most of what these clients do is wait."""
    tests = [item for item in request.session.items if "outcomes" in item.fixturenames]
    chosen = {(test.callspec.params["client"], test.callspec.params["fault"]) for test in tests}
    root = tmp_path_factory.mktemp("down")
    with ThreadPoolExecutor(4) as pool:
        yield {
            (client, fault): pool.submit(tried, client, fault, root / f"{client}-{fault.replace(' ', '-')}")
            for client, fault in sorted(chosen) if not missing(client)}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_where_there_is_no_token_nothing_is_done(client, fault, outcomes):
    if missing(client):
        pytest.skip(missing(client))
    done, asked, sent = outcomes[client, fault].result()
    said = done.stdout + done.stderr
    assert done.returncode != 0, said[-2000:]
    assert sent == [] and set(asked) <= MAY_ASK.get(client, {"/oauth2/token"})
    assert asked or fault == "is not there", "it would have been heard"
    assert fault != "refuses" or REASON in said, said[-2000:]
    assert MADE_UP not in said


VERIFIERS = {
    "python": [sys.executable, EXAMPLES / "offline-verifier/verifier.py"],
    "swift": [Path(os.environ.get("LATCHKEY_OFFLINE_VERIFIER", BINARY.parent / "offline-verifier"))],
}


def verified(command, fault):
    """What a verifier says of a token."""
    latchkey = Absent(fault)
    try:
        done = subprocess.run(
            [*map(str, command), latchkey.url], input=f"{MADE_UP}\n", capture_output=True, text=True, timeout=WITHIN,
            env=clean_environment(LATCHKEY_TOKEN=MADE_UP))
        return done.stdout
    finally:
        latchkey.stop()


@pytest.mark.parametrize("language", VERIFIERS)
def test_a_verifier_that_never_heard_of_the_feed_refuses(language):
    """It is no client that ends with a code: it answers each line, here with a refusal."""
    command = VERIFIERS[language]
    if not command[-1].exists():
        pytest.skip("the Swift example is not built: swift build --product offline-verifier")
    with ThreadPoolExecutor(len(FAULTS)) as pool:
        said = dict(zip(FAULTS, pool.map(lambda fault: verified(command, fault), FAULTS)))
    assert all(each.startswith("refused") and "works" not in each for each in said.values()), said


def test_data_factory_goes_on_from_success_alone():
    """The pipeline itself runs only in Azure; there, 'Succeeded' is a status of 2xx, and each activity ends in time."""
    pipeline = json.loads((EXAMPLES / "azure-data-factory/pipeline.json").read_text())
    activities = pipeline["properties"]["activities"]
    assert [[each["activity"] for each in one.get("dependsOn", [])] for one in activities] == [
        [], ["ReadServiceToken"], ["GetAccessToken"]]
    for one in activities:
        assert all(each["dependencyConditions"] == ["Succeeded"] for each in one.get("dependsOn", []))
        assert one["policy"]["timeout"] < "0.00:05:01"
