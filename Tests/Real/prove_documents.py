"""The examples in the documents, run as they stand there, each block against a server of its own.

`456` stands for a token, `123` for a service user and `nightly_load@service` for another one. A command whose comment
says that it is refused must be refused; all others must succeed.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from program import BINARY, ROOT, clean_environment

PAGES = ["service-users.md", "tokens.md", "roles-and-teams.md", "audit-and-usage.md", "using-a-token.md"]


def blocks(language):
    """(page, content) of every block that speaks to a server; `login` waits for a browser, and has a proof of its own."""
    for page in PAGES:
        text = (ROOT / "docs" / page).read_text()
        for content in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL):
            speaks = re.search(r"^latchkey |^curl |127\.0\.0\.1:8080", content, re.MULTILINE)
            if speaks and not re.search("qualytics|latchkey login", content):
                yield page, content


def commands(content):
    """The commands of a block, one a line."""
    joined = content.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


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
        self.admin.post("/api/users", {"name": "Nightly Load", "role": "Member"})
        name = "Taken" if "API Access" in content else "API Access"
        self.user = self.admin.post("/api/users", {"name": name, "role": "Manager"}).json()["id"]

    def issue(self, command=""):
        """A token in the state that the command wants."""
        self.count += 1
        body = {"name": f"token {self.count}", "user_id": self.user, "expires_in_days": 30}
        issued = self.admin.post("/api/user-tokens", body).json()
        if re.search(r"tokens (restore|delete)", command):
            self.admin.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
        return issued

    def placed(self, command):
        """The command with this server's address and numbers."""
        if re.search(r"service-users restore", command):
            self.admin.delete(f"/api/users/{self.user}?revoke_tokens=true", want=None)
        command = command.replace("http://127.0.0.1:8080", self.server.url)
        return re.sub(r"\b123\b", str(self.user), re.sub(r"\b456\b", lambda _: str(self.issue(command)["id"]), command))

    @property
    def environment(self):
        return clean_environment(
            PATH=f"{BINARY.parent}:{os.environ['PATH']}", LATCHKEY_URL=self.server.url, LATCHKEY_TOKEN=self.token,
            LATCHKEY_SERVICE_TOKEN=self.issue()["bearer_token"], SERVICE_TOKEN=self.issue()["bearer_token"])


@pytest.mark.parametrize("page, content", list(blocks("sh")))
def test_a_command_does_what_the_page_says(new_server, folder, page, content):
    estate = Estate(new_server(), content)
    environment = estate.environment
    for line in commands(content):
        command = estate.placed(line).replace("curl ", "curl --silent --show-error --fail-with-body ")
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=30, env=environment)
        assert (done.returncode != 0) == ("refused" in line), f"{page}: {line}\n{done.stdout}{done.stderr}"


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
