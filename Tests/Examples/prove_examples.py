"""Every example of examples/ is run as it stands there, with the real client where one can be installed."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from clients import EXAMPLES, airflow_home, attempt, program, run
from stand_ins import Catalog
from workload_issuer import github, gitlab, kubernetes, reply

READER = Path(__file__).with_name("data_factory.py")


def refusal(error, said):
    """Whether it says that, and why, in the words of Latchkey."""
    return f'"error":"{error}"' in said and '"error_description":"' in said


def used(admin, robot):
    return admin.get(f"/api/user-tokens/{robot['token_id']}").json()["last_used"]


def test_curl(admin, robot, folder):
    secret = folder / "token"
    secret.write_text(robot["variables"]["LATCHKEY_TOKEN"])
    said = run(EXAMPLES / "curl/whoami.sh", **{**robot["variables"], "LATCHKEY_TOKEN_FILE": secret})
    assert json.loads(said)["user_id"] == "nightly_load@service"
    secret.write_text("nonsense")
    bad = attempt(EXAMPLES / "curl/whoami.sh", **{**robot["variables"], "LATCHKEY_TOKEN_FILE": secret})
    assert bad.returncode and refusal("invalid_client", bad.stderr)


def test_python(admin, robot):
    assert run(sys.executable, EXAMPLES / "python/latchkey_session.py", **robot["variables"]) == "nightly_load@service\n"
    bad = attempt(sys.executable, EXAMPLES / "python/latchkey_session.py", **{**robot["variables"], "LATCHKEY_TOKEN": "x"})
    assert bad.returncode and refusal("invalid_client", bad.stderr)


def test_node(admin, robot):
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node on this machine")
    assert run(node, EXAMPLES / "node/latchkey.mjs", **robot["variables"]).strip() == "nightly_load@service"
    assert used(admin, robot)


def test_airflow(admin, robot, folder):
    """The DAG runs in Airflow, with a connection from its environment, and reads more than one page."""
    airflow = program("airflow", "airflow")
    for number in range(101):
        admin.post("/api/resources", {"kind": "datastore", "name": f"warehouse {number}"})
    token = robot["variables"]["LATCHKEY_TOKEN"]
    home = airflow_home(folder / "airflow", admin.url, token)
    run(airflow, "db", "migrate", **home)
    said = run(airflow, "dags", "test", "latchkey_catalog", **home)
    assert "nightly_load@service sees 101 datastores" in said
    assert token not in said
    admin.put(f"/api/user-tokens/{robot['token_id']}", {"revoke": True})
    refused = attempt(airflow, "dags", "test", "latchkey_catalog", **home)
    assert refused.returncode and "sees" not in refused.stdout
    assert "This token does not work" in refused.stdout + refused.stderr


@pytest.fixture
def dbt(robot, folder):
    """Runs the command that the script's own text shows, in a copy of the project; the finished process."""
    programs = program("dbt", "dbt").parent
    project = folder / "dbt"
    shutil.copytree(EXAMPLES / "dbt", project)
    (project / "tests").mkdir()
    line, = re.findall(r"^    (rm .*after_run.*)$", (project / "after_run.py").read_text(), re.MULTILINE)
    variables = dict(robot["variables"])
    variables["DBT_ENV_SECRET_LATCHKEY_TOKEN"] = variables.pop("LATCHKEY_TOKEN")
    variables |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PATH": f"{programs}:/usr/bin:/bin"}

    def build(**tests):
        for name, content in tests.items():
            (project / "tests" / f"{name}.sql").write_text(content)
        return attempt("bash", "-e", "-c", line, cwd=project, **variables)

    build.project, build.token = project, variables["DBT_ENV_SECRET_LATCHKEY_TOKEN"]
    return build


def test_dbt(admin, robot, dbt):
    """dbt builds, its hooks run, a warning is none the worse, and the script after it asks the API."""
    done = dbt(warns="{{ config(severity='warn') }} select 1")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "WARN=1" in said and "ERROR=0" in said and "0 of 4 failed; the API answered 200" in said
    logs = "".join(path.read_text() for path in (dbt.project / "logs").iterdir())
    assert dbt.token not in logs + said
    assert used(admin, robot)


def test_dbt_that_fails_is_told_and_fails(admin, robot, dbt):
    done = dbt(fails="select 1")
    assert done.returncode == 1 and "1 of 4 failed; the API answered 200" in done.stdout, done.stdout + done.stderr
    (dbt.project / "dbt_project.yml").write_text("name: [")
    done = dbt()
    assert done.returncode == 1 and "the API answered" not in done.stdout, "no results of an earlier run are told again"


@pytest.fixture
def datastore(admin):
    made = admin.post("/api/resources", {"kind": "datastore", "name": "warehouse", "external_id": "17"}).json()
    admin.post("/api/resources", {"kind": "datastore", "name": "not in the catalog"})
    admin.post("/api/teams", {"name": "Data Quality", "permission": "Author", "resource_ids": [made["id"]]})
    return made


SENTENCE = "Teams with access: Data Quality (Author)."


def test_atlan(admin, robot, datastore):
    """pyatlan itself speaks; what it speaks to is a stand-in."""
    python = program("catalog", "python")

    def saved(path, sent):
        entities = [{"typeName": each["typeName"], "guid": "g", "attributes": each["attributes"]} for each in sent["entities"]]
        return {"mutatedEntities": {"UPDATE": entities}, "guidAssignments": {}}

    atlan = Catalog(saved)
    said = run(python, EXAMPLES / "catalog/atlan_sync.py", ATLAN_BASE_URL=atlan.url, ATLAN_API_KEY="k", **robot["variables"])
    assert said == f"warehouse: {SENTENCE}\n"
    (method, path, headers, sent), = atlan.asked
    assert path.startswith("/api/meta/entity/bulk") and headers["authorization"] == "Bearer k"
    assert sent["entities"][0]["attributes"]["userDescription"] == SENTENCE
    assert sent["entities"][0]["attributes"]["qualifiedName"] == "17"


def test_alation(admin, robot, datastore):
    """There is no client of Alation's for this on PyPI: the script speaks HTTP, here to a stand-in."""
    alation = Catalog(lambda path, sent: {"api_access_token": "a"} if "createAPIAccessToken" in path else {"job_id": 1})
    said = run(
        sys.executable, EXAMPLES / "catalog/alation_sync.py", ALATION_URL=alation.url, ALATION_REFRESH_TOKEN="r",
        ALATION_USER_ID="1", ALATION_FIELD_ID="10007", **robot["variables"])
    assert said == f"warehouse: {SENTENCE}\n"
    first, second = alation.asked
    assert first[3] == {"refresh_token": "r", "user_id": 1}
    assert second[:2] == ("PUT", "/integration/v2/custom_field_value/async/")
    assert second[2]["token"] == "a"
    assert second[3] == [{"field_id": 10007, "otype": "data", "oid": 17, "value": f"<p>{SENTENCE}</p>"}]


def test_data_factory(admin, robot, folder):
    """Azure's own models read the pipeline; no secret shows in its runs; and its calls are answered as it expects."""
    path = EXAMPLES / "azure-data-factory/pipeline.json"
    said = run(program("catalog", "python"), READER, path).splitlines()
    assert said == ["ReadServiceToken WebActivity GET", "GetAccessToken WebActivity POST", "CallApi WebActivity GET"]
    misspelt = folder / "pipeline.json"
    misspelt.write_text(path.read_text().replace("secureInput", "secureInputs"))
    assert attempt(program("catalog", "python"), READER, misspelt).returncode, "the reader would see a slip"
    activities = {each["name"]: each for each in json.loads(path.read_text())["properties"]["activities"]}
    assert activities["ReadServiceToken"]["policy"]["secureOutput"]
    assert activities["GetAccessToken"]["policy"]["secureInput"] and activities["GetAccessToken"]["policy"]["secureOutput"]
    assert activities["CallApi"]["policy"]["secureInput"]
    form = activities["GetAccessToken"]["typeProperties"]
    assert "uriComponent(pipeline().parameters.latchkeyUser)" in form["body"]["value"]
    body = f"grant_type=client_credentials&client_id=nightly_load%40service&client_secret={robot['variables']['LATCHKEY_TOKEN']}"
    answer = server_reply(admin, body, form["headers"])
    assert admin.get("/api/users/me", headers={"Authorization": f"Bearer {answer['access_token']}"}).json()["user_type"] == "Service"


def server_reply(admin, body, headers):
    reply = admin.session.post(f"{admin.url}/oauth2/token", data=body, headers={**headers, "Authorization": None}, timeout=10)
    assert reply.status_code == 200, reply.text
    return reply.json()


def trust(admin, robot, issuer, subject):
    admin.post(f"/api/users/{robot['id']}/trusted-issuers", {"name": subject, "issuer": issuer.url, "subject": subject})


def test_github_actions(admin, robot, issuer, folder):
    """The steps of the workflow, as GitHub's runner runs them: bash -e, and an address that gives the job its token."""
    trust(admin, robot, issuer, "repo:acme/pipelines:ref:refs/heads/main")
    issuer.answers["/job-token"] = lambda handler: reply(
        handler, {"value": issuer.token(github(handler.path.partition("audience=")[2]))})
    steps = yaml.safe_load((EXAMPLES / "github-actions/nightly.yml").read_text())["jobs"]["load"]["steps"]
    variables = {
        "LATCHKEY_URL": admin.url, "GITHUB_ENV": folder / "env", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}/job-token?api-version=2.0",
    }
    first = run("bash", "-e", "-c", steps[0]["run"], **variables)
    name, _, token = (folder / "env").read_text().strip().partition("=")
    assert first.startswith("::add-mask::") and name == "LATCHKEY_ACCESS_TOKEN"
    second = run("bash", "-e", "-c", steps[1]["run"], **{**variables, name: token})
    assert '"nightly_load@service"' in second
    (folder / "env").unlink()
    issuer.answers["/job-token"] = lambda handler: reply(
        handler, {"value": issuer.token(github(admin.url, repository="evil/pipelines"))})
    bad = attempt("bash", "-e", "-c", steps[0]["run"], **variables)
    assert bad.returncode and refusal("invalid_request", bad.stdout) and not (folder / "env").exists()


def test_gitlab_ci(admin, robot, issuer):
    """The script of the job, as GitLab's runner runs it: all lines in one shell that stops at the first failure."""
    trust(admin, robot, issuer, "project_path:acme/pipelines:ref_type:branch:ref:main")
    job = yaml.safe_load((EXAMPLES / "gitlab-ci/.gitlab-ci.yml").read_text())["nightly load"]
    assert job["id_tokens"] == {"IDENTITY": {"aud": "$LATCHKEY_URL"}}
    script = "\n".join(["set -e", *job["script"]])
    variables = {"LATCHKEY_URL": admin.url, "IDENTITY": issuer.token(gitlab(admin.url))}
    assert '"nightly_load@service"' in run("sh", "-c", script, **variables)
    bad = attempt("sh", "-c", script, **variables)
    assert bad.returncode and refusal("invalid_request", bad.stderr), "the same token a second time"


def test_kubernetes(admin, robot, issuer, folder):
    """The command of the job, with the file that the cluster would have put there."""
    trust(admin, robot, issuer, "system:serviceaccount:jobs:nightly-load")
    pod = yaml.safe_load((EXAMPLES / "kubernetes/job.yaml").read_text())["spec"]["template"]["spec"]
    source, = pod["volumes"][0]["projected"]["sources"]
    assert source["serviceAccountToken"]["expirationSeconds"] == 3600
    file = folder / "token"
    file.write_text(issuer.token(kubernetes(admin.url)))
    container, = pod["containers"]
    said = run(*container["command"], *container["args"], LATCHKEY_URL=admin.url, TOKEN_FILE=file)
    assert '"nightly_load@service"' in said
    bad = attempt(*container["command"], *container["args"], LATCHKEY_URL=admin.url, TOKEN_FILE=file)
    assert bad.returncode and refusal("invalid_request", bad.stderr), "the same token a second time"
