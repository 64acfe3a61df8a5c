"""What is typed into the console stays secret: passwords, authenticators' keys, recovery codes, links, cookies."""

import base64
import hashlib
import hmac
import re
import socket
import struct
import subprocess
import threading
import time
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from program import eventually


class Browser:
    """What matters of one here: cookies, the forms of our own pages, and every cookie that it was ever given."""

    def __init__(self, url):
        self.url, self.session, self.given = url, requests.Session(), set()

    def ask(self, method, path, **more):
        reply = self.session.request(method, urljoin(self.url, path), timeout=30, allow_redirects=False, **more)
        self.given.update(cookie.value for cookie in reply.cookies if len(cookie.value or "") > 20)
        return reply

    def open(self, path):
        reply = self.ask("GET", path)
        while reply.is_redirect:
            reply = self.ask("GET", reply.headers["Location"])
        return reply

    def send(self, path, page=None, **fields):
        token = re.search(r'name="form_token" value="([^"]+)"', self.open(page or path).text).group(1)
        return self.post(path, {"form_token": token, **fields})

    def post(self, path, data, **headers):
        own = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        return self.ask("POST", path, data=data, headers={**own, **headers})


def one_time_code(key, ahead=0):
    """RFC 6238, as an authenticator computes it from the key that was typed into it."""
    digest = hmac.new(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Secrets(dict):
    """What to look for, by what it is."""

    def typed(self, what):
        return self.setdefault(what, f"canary of {what} {hashlib.sha256(what.encode()).hexdigest()[:12]}")

    def absent_from(self, place, content):
        for what, value in self.items():
            needles = [value] if isinstance(value, bytes) else [value.encode(), value.replace(" ", "+").encode()]
            assert all(needle not in content for needle in needles), f"{what} stands in {place}"


def set_up(server, secrets):
    link = eventually(lambda: re.search(rb"/set-up\?code=(\S+)", server.log.read_bytes()))
    browser = Browser(server.url)
    assert browser.open(link.group(0).decode()).url == f"{server.url}/set-up"
    done = browser.send(
        "/set-up", email="ada@example.com", name="Ada", password=secrets.typed("the first password"))
    assert done.status_code == 303, done.text
    return browser, link.group(1).decode()


def sign_in(server, secrets, password, **more):
    browser = Browser(server.url)
    return browser, browser.send("/sign-in", email="ada@example.com", password=secrets.typed(password), **more)


def set_up_second_factor(browser, secrets):
    page = browser.open("/account/second-factor").text
    key = re.search(r'id="factor-key">([^<]+)<', page).group(1).replace(" ", "")
    sealed = re.search(r'name="sealed" value="([^"]+)"', page).group(1)
    secrets["the authenticator's key"], secrets["its bytes"] = key, base64.b32decode(key)
    assert browser.send("/account/second-factor", sealed=sealed, code="000000").status_code == 422
    done = browser.send("/account/second-factor", sealed=sealed, code=one_time_code(key))
    codes = re.findall(r"<li><code>([^<]+)</code>", done.text)
    assert len(codes) == 10
    secrets.update({f"recovery code {number}": code for number, code in enumerate(codes)})
    return codes


def slips(server, browser, secrets):
    """What people and programs send by mistake."""
    stranger = Browser(server.url)
    stranger.send("/sign-in", email=secrets.typed("a password typed as a name"), password="x")
    stranger.send("/sign-in", email="nobody@example.com", password=secrets.typed("a stranger's password"))
    stranger.ask("GET", "/sign-in", params={"password": secrets.typed("a password in a query")})
    stranger.post("/sign-in", {"password": secrets.typed("a password without a form")})
    stranger.post("/sign-in", f'{{"password": "{secrets.typed("a password in JSON")}"',
                  **{"Content-Type": "application/json"})
    browser.send("/account/password", current=secrets.typed("a wrong current password"), password="short")
    stranger.open("/new-password?code=" + "c0de" * 20)
    secrets["a link that was made up"] = "c0de" * 20


def live(server, secrets):
    """Everything that the console lets somebody type; an Admin's token at the end, and the set-up link's code."""
    browser, link = set_up(server, secrets)
    slips(server, browser, secrets)
    assert browser.send(
        "/account/password", current=secrets.typed("the first password"),
        password=secrets.typed("the second password")).headers["Location"] == "/account"
    codes = set_up_second_factor(browser, secrets)
    half, asked = sign_in(server, secrets, "the second password")
    assert asked.headers["Location"].startswith("/sign-in/second-factor")
    assert half.send("/sign-in/second-factor", code="not a code").status_code == 422
    assert half.send("/sign-in/second-factor", code=codes[0]).headers["Location"] == "/"
    made = server.run("admin", "password-link", "--email", "ada@example.com", "--public-url", server.url,
                      *server.storage)
    secrets["a link to a new password"] = re.search(r"code=([\w-]+)", made.stdout).group(1)
    fresh = Browser(server.url)
    fresh.open(f"/new-password?code={secrets['a link to a new password']}")
    assert fresh.send("/new-password", password=secrets.typed("the third password")).status_code == 303
    assert fresh.send("/sign-in/second-factor", code=codes[1]).headers["Location"] == "/"
    token = hand_over(fresh)
    for number, one in enumerate([browser, half, fresh]):
        secrets.update({f"cookie {number}.{place}": value for place, value in enumerate(one.given - {link})})
    return token, link


def hand_over(browser):
    fields = {"redirect_uri": "http://127.0.0.1:9/callback", "state": "0123456789", "hostname": "laptop"}
    page = "/api/cli/authorize?" + "&".join(f"{name}={value}" for name, value in fields.items())
    given = browser.send("/api/cli/authorize", page=page, decision="allow", **fields).headers["Location"]
    return parse_qs(urlsplit(given).query)["token"][0]


@pytest.mark.parametrize("level", ["info", "trace"])
def test_nothing_that_was_typed_is_written_anywhere(new_server, engine, level):
    server, secrets = new_server(engine, "--log-level", level), Secrets()
    server.settings += ["--public-url", server.url]
    server.start()
    token, link = live(server, secrets)
    admin = server.client(token)
    events = admin.get("/api/activity?size=100").text
    metrics = server.metrics()
    assert server.stop() == 0

    secrets["the token"] = token
    log = server.log.read_bytes()
    assert log.count(link.encode()) == 1, "the set-up link is printed once, and logged nowhere"
    secrets.absent_from("the log", log)
    secrets["the set-up link"] = link
    secrets.absent_from("the audit log", events.encode())
    secrets.absent_from("the metrics", metrics.encode())
    for file in server.data.rglob("*"):
        if file.is_file():
            secrets.absent_from(file.name, file.read_bytes())
    if engine:
        dump = subprocess.run(["pg_dump", "--dbname", engine, "--inserts"], capture_output=True, check=True).stdout
        assert b"ada@example.com" in dump
        secrets.absent_from("the database", dump)


def test_a_form_that_comes_slowly_is_cut_off(server):
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n").encode()

    def drip(connection):
        try:
            for _ in range(40):
                connection.sendall(b"a")
                time.sleep(0.5)
        except OSError:
            pass

    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        began = time.monotonic()
        connection.sendall(head)
        threading.Thread(target=drip, args=(connection,), daemon=True).start()
        try:
            while connection.recv(4096):
                pass
        except ConnectionError:
            pass
        assert 5 < time.monotonic() - began < 16


def test_a_form_is_bounded_and_a_large_one_is_read_in_no_time(server):
    browser = Browser(server.url)
    browser.open("/sign-in")
    fields = "a=b&" * (250 * 1024)
    began = time.monotonic()
    assert browser.post("/sign-in", fields, **{"Content-Type": "application/x-www-form-urlencoded"}).status_code == 403
    assert time.monotonic() - began < 3
    more = browser.post("/sign-in", fields * 2, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert more.status_code == 413


def test_more_people_than_can_wait_are_told_so_and_others_are_served(server, admin):
    """A password takes a good part of a second, one at a time: whoever comes when 32 wait is told to come again."""
    page = requests.get(f"{server.url}/sign-in", timeout=30)
    token = re.search(r'name="form_token" value="([^"]+)"', page.text).group(1)
    statuses = []

    def try_once(number):
        reply = requests.post(
            f"{server.url}/sign-in", cookies=page.cookies, timeout=120, allow_redirects=False,
            data={"form_token": token, "email": f"nobody{number}@example.com", "password": "a wrong guess"},
            headers={"Origin": server.url, "Sec-Fetch-Site": "same-origin"})
        statuses.append(reply.status_code)

    tries = [threading.Thread(target=try_once, args=(number,)) for number in range(45)]
    for one in tries:
        one.start()
    began = time.monotonic()
    admin.get("/api/users/me")
    assert time.monotonic() - began < 3, "others wait for those who sign in"
    for one in tries:
        one.join(120)
    assert set(statuses) == {422, 503}, statuses
    assert 32 <= statuses.count(422) < 45
