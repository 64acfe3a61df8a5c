"""The examples in the documents, run as they stand there, each block against a server of its own.

`456` stands for a token or a trust, `123` for a service user and `nightly_load@service` for another one, whose token is
`$TOKEN`. A command whose comment says that it is refused must be refused; all others must succeed. `latchkey serve`
shows its settings instead of serving.
"""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest
import requests

from program import BINARY, ROOT, clean_environment

# What has a proof of its own: it needs a browser, a provider, a gateway, a fresh directory, or a job's token.
PROVEN_ELSEWHERE = re.compile(
    r"qualytics|latchkey login|admin bootstrap|latchkey restore|latchkey demo|identity-providers|:8000|\$IDENTITY")


def blocks(language):
    """(page, content) of every block that speaks to a server."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        for content in re.findall(rf"^ *```{language}\n(.*?)```", page.read_text(), re.DOTALL | re.MULTILINE):
            content = textwrap.dedent(content.rstrip(" "))
            speaks = re.search(r"^latchkey |^curl |127\.0\.0\.1:8080", content, re.MULTILINE)
            if speaks and not PROVEN_ELSEWHERE.search(content):
                yield page.name, content


def commands(content):
    """The commands of a block; a quotation may have several lines."""
    command = ""
    for line in content.replace("\\\n", " ").splitlines():
        command += line + "\n"
        if command.count("'") % 2 == 0:
            if command.strip() and not command.startswith("#"):
                yield command.strip()
            command = ""


def answers():
    """(page, content, answer) where the page shows what its one command prints."""
    for page, content in blocks("sh"):
        behind = (ROOT / "docs" / page).read_text().partition(content)[2]
        shown = re.match(r"```\s+```json\n(.*?)```", behind, re.DOTALL)
        if shown:
            yield page, content, json.loads(shown.group(1).replace(", …", ""))


def files(page):
    """What the page's commands read: the policy that it shows."""
    for content in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL):
        if "\npolicy: reports\n" in content:
            yield "reports.yaml", content


class Estate:
    """A server with what the examples take for granted, but for what they make themselves."""

    def __init__(self, server, content):
        self.server, self.count = server, 0
        self.token = server.bootstrap("ada@example.com")
        server.start()
        self.admin = server.client(self.token)
        if "teams create" not in content:
            for name in ["Data Engineering", "Data Quality"]:
                self.admin.post("/api/teams", {"name": name, "permission": "Viewer"})
        self.nightly = self.admin.post("/api/users", {"name": "Nightly Load", "role": "Member"}).json()["id"]
        name = "Taken" if "API Access" in content else "API Access"
        self.user = self.admin.post("/api/users", {"name": name, "role": "Manager"}).json()["id"]

    def issue(self, command="", **more):
        """A token in the state that the command wants."""
        self.count += 1
        body = {"name": f"token {self.count}", "user_id": self.user, "expires_in_days": 30, **more}
        issued = self.admin.post("/api/user-tokens", body).json()
        if re.search(r"tokens (restore|delete)", command):
            self.admin.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
        return issued

    def trust(self):
        body = {"name": "GitLab", "issuer": "https://gitlab.com", "subject": "project_path:acme/pipelines:**"}
        return self.admin.post(f"/api/users/{self.nightly}/trusted-issuers", body).json()

    def exchanged(self, token):
        """An access token that came of this one."""
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        }
        return requests.post(f"{self.server.url}/oauth2/token", data=form, timeout=10).json()["access_token"]

    def placed(self, command):
        """The command with this server's address, places and numbers."""
        if re.search(r"service-users restore", command):
            self.admin.delete(f"/api/users/{self.user}?revoke_tokens=true", want=None)
        places = {
            "http://127.0.0.1:8080": self.server.url, "/var/lib/latchkey": str(self.server.data),
            " /backups/": " ", " /somewhere/else/": " .",
        }
        for there, here in places.items():
            command = command.replace(there, here)
        command = re.sub(r"^latchkey serve", "latchkey serve --print-config", command)
        number = self.trust if "trust remove" in command else lambda: self.issue(command)
        return re.sub(r"\b123\b", str(self.user), re.sub(r"\b456\b", lambda _: str(number()["id"]), command))

    def run(self, line, folder, environment):
        command = self.placed(line).replace("curl ", "curl --silent --show-error --fail-with-body ")
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=30, env=environment)

    @property
    def environment(self):
        token = self.issue(user_id=self.nightly)["bearer_token"]
        return clean_environment(
            PATH=f"{BINARY.parent}:{os.environ['PATH']}", LATCHKEY_URL=self.server.url, LATCHKEY_TOKEN=self.token,
            SERVICE_TOKEN=self.issue()["bearer_token"], TOKEN=token, ACCESS_TOKEN=self.exchanged(token),
            MANAGER_TOKEN=self.issue()["bearer_token"],
            API_TOKEN=self.issue(actions=["tokens:introspect"])["bearer_token"])


@pytest.mark.parametrize("page, content", list(blocks("sh")))
def test_a_command_does_what_the_page_says(new_server, folder, page, content):
    estate = Estate(new_server(), content)
    environment = estate.environment
    for name, file in files(page):
        (folder / name).write_text(file)
    for line in commands(content):
        done = estate.run(line, folder, environment)
        is_refused = re.search("#.*refused", line) is not None
        assert (done.returncode != 0) == is_refused, f"{page}: {line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page, content, answer", list(answers()))
def test_an_answer_has_the_fields_that_the_page_shows(new_server, folder, page, content, answer):
    """Numbers, times and texts differ from one run to the next; flags and objects do not."""
    estate = Estate(new_server(), content)
    [line] = commands(content)
    given = json.loads(estate.run(line, folder, estate.environment).stdout)
    assert list(given) == list(answer), page
    for name, value in answer.items():
        assert not isinstance(value, (bool, dict)) or given[name] == value, f"{page}: {name}: {given[name]}"


@pytest.mark.parametrize("page, content", list(blocks("python")))
def test_a_program_does_what_the_page_says(new_server, folder, page, content):
    estate = Estate(new_server(), content)
    program = f"token = {estate.issue()['bearer_token']!r}\n" + estate.placed(content)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=30, env=estate.environment)
    assert done.returncode == 0 and "api_access@service" in done.stdout, f"{page}:\n{done.stdout}{done.stderr}"


def test_every_kind_of_problem_has_its_line():
    """The kinds are listed in the page on errors as the program knows them."""
    source = (ROOT / "Sources/LatchkeyHTTP/Problems/Problem.swift").read_text()
    cases = source.split("enum Kind")[1].split("var status")[0]
    kinds = set(re.findall(r'case \w+ = "([a-z-]+)"', cases))
    for names in re.findall(r"case ([\w, ]+)\n", cases):
        kinds |= set(names.split(", "))
    assert len(kinds) > 8
    page = (ROOT / "docs/errors.md").read_text()
    assert [kind for kind in kinds if f"/problems/{kind}`" not in page] == []


def test_every_setting_has_its_line(new_server):
    shown = new_server().run("serve", "--print-config", "--output", "json")
    assert shown.returncode == 0
    page = (ROOT / "docs/operations.md").read_text()
    settings = [each["setting"] for each in json.loads(shown.stdout)]
    assert len(settings) > 15
    variables = ["LATCHKEY_" + each.upper().replace(".", "_").replace("-", "_") for each in settings]
    assert [each for each in variables if f"`{each}`" not in page] == []


def test_every_metric_has_its_line(server, admin):
    admin.get("/api/users/me")
    page = (ROOT / "docs/metrics.md").read_text()
    names = set(re.findall(r"^# TYPE (\w+)", server.metrics(), re.MULTILINE))
    assert len(names) > 8
    assert [each for each in sorted(names) if f"`{each}" not in page] == []
