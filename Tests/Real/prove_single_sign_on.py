"""A real identity provider, PyPI's canaille, signs people in; and the data platform's client gets its token."""

import re
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from oidc_provider import PASSWORD
from program import clean_environment, eventually, free_port

SCRIPT = Path(__file__).with_name("oidc_provider.py")
# Shown to nobody who is not signed in.
OWN_PAGE = "/account/connect"
PROGRAM = Path(sys.executable).parent / "qualytics"


class Provider:
    """canaille, as a process of its own on loopback."""

    def __init__(self, folder, redirect_uri):
        self.port = free_port()
        self.log = folder / "canaille.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT), str(self.port), redirect_uri], stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, env=clean_environment())

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()


class Browser:
    """What matters of one: cookies, redirects, and the forms that somebody fills in."""

    def __init__(self, server):
        self.server = server
        self.session = requests.Session()

    def open(self, address):
        """Follows redirects as far as they stay with the server or the provider; the last reply."""
        reply = self.session.get(urljoin(self.server.url, address), allow_redirects=False, timeout=20)
        return self.follow(reply)

    def follow(self, reply):
        while reply.is_redirect:
            address = urljoin(reply.url, reply.headers["Location"])
            if "/callback?" in address and not address.startswith(self.server.url):
                return reply
            reply = self.session.get(address, allow_redirects=False, timeout=20)
        return reply

    def sign_in_at_provider(self, reply, name):
        """Fills in canaille's two pages."""
        for fields in [{"login": name}, {"password": PASSWORD}]:
            token = re.search(r'name="?csrf_token"?[^>]*value="?([^"\s>]+)', reply.text).group(1)
            reply = self.follow(self.session.post(
                reply.url, data={"csrf_token": token, **fields}, allow_redirects=False, timeout=20))
        return reply

    def send(self, page, action, **fields):
        """A form of ours, as its page sends it."""
        token = re.search(r'name="form_token" value="([^"]+)"', page.text).group(1)
        return self.session.post(
            urljoin(self.server.url, action), data={"form_token": token, **fields}, allow_redirects=False, timeout=20,
            headers={"Origin": self.server.url, "Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def server(new_server):
    return new_server(None, "--fetch-allow-private").start()


@pytest.fixture
def provider(folder, server):
    provider = Provider(folder, f"{server.url}/sso/callback")
    yield provider
    provider.stop()


@pytest.fixture
def example(admin, provider):
    """canaille as the server knows it."""
    eventually(provider.is_up, within=30, every=0.1)
    team = admin.post("/api/teams", {"name": "Compilers", "permission": "Author"}).json()["id"]
    return admin.post("/api/identity-providers", {
        "name": "Example", "issuer": provider.issuer, "client_id": "latchkey", "client_secret": "s3cret-of-canaille",
        "scopes": ["openid", "profile", "email", "groups"], "groups_claim": "groups",
        "groups": [{"group": "grace-people", "team_id": team}]}).json()


def signed_in(server, example, name="grace"):
    browser = Browser(server)
    reply = browser.open("/sign-in")
    assert "Sign in with Example" in reply.text
    reply = browser.open(f"/sso/{example['id']}/start?return_to=/settings/tokens")
    browser.landed = browser.sign_in_at_provider(reply, name)
    return browser


def test_a_newcomer_becomes_a_member_of_the_teams_of_her_groups(server, admin, example):
    browser = signed_in(server, example)
    assert urlsplit(browser.landed.url).path == "/settings/tokens"
    people = [user for user in admin.all("/api/users?type=Human") if user["user_id"] == "grace@example.com"]
    assert len(people) == 1
    assert people[0]["role"] == "Member" and people[0]["name"] == "Grace Hopper"
    assert people[0]["teams"] == ["Public", "Compilers"]
    signed_in(server, example)
    assert len(admin.all("/api/users?type=Human")) == 2
    identity = admin.get(f"/api/users/{people[0]['id']}/identities").json()
    assert [(each["issuer"], each["subject"]) for each in identity] == [(example["issuer"], "grace")]


def test_an_account_that_was_there_is_not_taken_over_and_can_be_connected(server, admin, example):
    browser = signed_in(server, example, "ada")
    assert urlsplit(browser.landed.url).path == "/sso/unconnected"
    assert "Not connected yet" in browser.landed.text
    me = admin.get("/api/users/me").json()
    assert admin.get(f"/api/users/{me['id']}/identities").json() == []
    refused = admin.all("/api/activity")
    assert any(
        change["field"] == "subject" and change["after"] == "ada" for item in refused for change in item["changes"])
    admin.post(f"/api/users/{me['id']}/identities", {"provider_id": example["id"], "subject": "ada"})
    browser = signed_in(server, example, "ada")
    assert urlsplit(browser.landed.url).path == "/settings/tokens"


def test_a_provider_that_is_off_lets_nobody_in_and_throws_out_who_came_through_it(server, admin, example):
    browser = signed_in(server, example)
    assert urlsplit(browser.open(OWN_PAGE).url).path == OWN_PAGE
    admin.put(f"/api/identity-providers/{example['id']}", {"enabled": False})
    assert urlsplit(browser.open(OWN_PAGE).url).path == "/sign-in"
    assert "Sign in with Example" not in browser.open("/sign-in").text
    assert browser.open(f"/sso/{example['id']}/start").status_code == 404


def test_a_check_says_in_words_what_is_wrong(server, admin, provider, example):
    path = f"/api/identity-providers/{example['id']}"
    good = admin.post(f"{path}/check", want=200).json()
    assert good["good"], good
    admin.put(path, {"client_secret": "wrong"})
    assert admin.post(f"{path}/check", want=200).json()["checks"][-1]["finding"].startswith("The provider does not take")
    provider.stop()
    assert not admin.post(f"{path}/check", want=200).json()["good"]


def test_a_public_client_signs_in_by_pkce_alone(server, admin, example):
    admin.put(f"/api/identity-providers/{example['id']}", {"client_id": "public", "client_secret": None})
    assert urlsplit(signed_in(server, example).landed.url).path == "/settings/tokens"


def test_without_the_setting_no_private_address_is_asked(new_server, folder):
    server = new_server().start()
    admin = server.client(server.bootstrap())
    body = {"name": "Example", "issuer": "https://127.0.0.1:1", "client_id": "latchkey"}
    made = admin.post("/api/identity-providers", body).json()
    finding = admin.post(f"/api/identity-providers/{made['id']}/check", want=200).json()["checks"][0]["finding"]
    assert "not on the public internet" in finding
    admin.post("/api/identity-providers", {**body, "name": "Plain", "issuer": "http://127.0.0.1:1"}, want=422)


def consent(server, example, address):
    """Opens the address of a command-line client, says yes, and brings the answer to the client."""
    browser = signed_in(server, example)
    page = browser.open(address)
    assert page.status_code == 200 and "Give a program a token?" in page.text, page.text
    fields = dict(re.findall(r'name="(redirect_uri|state|hostname)" value="([^"]*)"', page.text))
    answer = browser.send(page, urlsplit(address).path, decision="allow", **fields)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith("http://127.0.0.1:")
    return requests.get(answer.headers["Location"], timeout=10)


def address_in(output, server):
    found = re.search(re.escape(server.url) + r"\S*cli/authorize\?\S+", output)
    return found and found.group(0)


class Reading:
    """What a process says, while it says it."""

    def __init__(self, command, **environment):
        self.text = ""
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
            env=clean_environment(**environment))
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.text += line

    def finish(self):
        code = self.process.wait(30)
        self.thread.join(10)
        return code


def test_the_data_platforms_client_logs_in_through_the_browser(server, admin, example, folder):
    home = folder / "home"
    home.mkdir()
    quiet = dict(HOME=str(home), QUALYTICS_NO_BANNER="1", COLUMNS="100000", NO_COLOR="1", TERM="dumb", BROWSER="true",
                 PYTHONUNBUFFERED="1")
    login = Reading([str(PROGRAM), "auth", "login", "--url", server.url], **quiet)
    address = eventually(lambda: address_in(login.text, server), within=20)
    consent(server, example, address)
    assert login.finish() == 0, login.text
    assert "Authentication successful" in login.text
    status = subprocess.run(
        [str(PROGRAM), "auth", "status"], capture_output=True, text=True, env=clean_environment(**quiet), timeout=60)
    assert "Logged in" in status.stdout, status.stdout


def test_our_own_client_logs_in_works_and_logs_out(server, admin, example, folder):
    kept = folder / "login.json"
    quiet = dict(LATCHKEY_LOGIN_FILE=str(kept), LATCHKEY_URL=server.url)
    login = Reading([str(server.command[0]), "login", "--no-browser"], **quiet)
    address = eventually(lambda: address_in(login.text, server), within=20)
    reply = consent(server, example, address)
    assert "Done" in reply.text
    assert login.finish() == 0, login.text
    assert "Logged in as grace@example.com" in login.text
    assert kept.stat().st_mode & 0o777 == 0o600
    token = kept.read_text()
    who = server.run("whoami", "--output", "json", environment=quiet)
    assert who.returncode == 0 and "grace@example.com" in who.stdout, who.stderr
    elsewhere = server.run("whoami", environment={**quiet, "LATCHKEY_URL": "http://127.0.0.1:1"})
    assert "no token was given" in elsewhere.stderr
    out = server.run("logout", environment=quiet)
    assert out.returncode == 0, out.stderr
    assert not kept.exists()
    secret = re.search(r'"token":"([^"]+)"', token).group(1)
    assert server.client(secret).ask("GET", "/api/users/me").status_code == 401
    for part in (secret, secret[-30:]):
        assert part not in server.logged()


def test_a_token_goes_to_loopback_alone_and_to_nobody_who_was_refused(server, admin, example):
    browser = signed_in(server, example)
    for elsewhere in ["https://127.0.0.1:9/callback", "http://evil.example.com/callback", "http://127.0.0.1.evil.org/",
                      "http://127.0.0.1@evil.org/", "http://localhost.evil.org/", "javascript:alert(1)", ""]:
        page = browser.session.get(
            f"{server.url}/api/cli/authorize", params={"redirect_uri": elsewhere, "state": "s" * 20}, timeout=10)
        assert page.status_code == 400, elsewhere
    asked = {"redirect_uri": "http://127.0.0.1:9/callback?a=b", "state": "s" * 20, "hostname": "<script>x</script>"}
    page = browser.session.get(f"{server.url}/api/cli/authorize", params=asked, timeout=10)
    assert "<script>x" not in page.text
    assert "form-action 'self' http://127.0.0.1:9;" in page.headers["Content-Security-Policy"]
    denied = browser.send(page, "/api/cli/authorize", decision="deny", **asked)
    assert parse_qs(urlsplit(denied.headers["Location"]).query) == {
        "a": ["b"], "error": ["access_denied"], "state": ["s" * 20]}
    stranger = Browser(server).open(f"/api/cli/authorize?redirect_uri=http://127.0.0.1:9/c&state={'s' * 20}")
    assert urlsplit(stranger.url).path == "/sign-in" and "return_to=" in stranger.url
