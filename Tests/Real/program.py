"""The built program, as a test starts, asks and stops it.

Nothing here knows what is inside: a server is a process with a port, and everything is said over HTTP or by commands.
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("LATCHKEY_BINARY", ROOT / ".build/debug/latchkey"))
POSTGRES = os.environ.get("LATCHKEY_TEST_POSTGRES")
DEEP = os.environ.get("DEEP") == "1"
PROBLEM = "application/problem+json"


def clean_environment(**more):
    """The environment without our own variables: what a test means is what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LATCHKEY_", "QUALYTICS_"))}
    return {**kept, **more}


def free_port():
    """Below those from which systems number their own connections, one of which might have it a moment later."""
    while True:
        with socket.socket() as probe:
            port = random.randrange(20_000, 32_000)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def eventually(condition, within=10.0, every=0.05):
    """Waits for what is only promised soon. Returns the truthy value, or fails."""
    end = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {within} s: {condition}"
        time.sleep(every)


def fresh_database(name):
    """A new PostgreSQL database on the test server; its URL."""
    parts = urlsplit(POSTGRES)
    subprocess.run(["psql", POSTGRES, "-qc", f"CREATE DATABASE {name}"], check=True, capture_output=True)
    return urlunsplit(parts._replace(path=f"/{name}"))


class Client:
    """Asks the API as one caller. A reply that is not of the wanted status fails with all that it said."""

    def __init__(self, url, token=None):
        self.url = url
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method, path, body=None, want=None, **more):
        if body is not None:
            more["json"] = body
        reply = self.session.request(method, self.url + path, timeout=30, **more)
        if want is not None:
            assert reply.status_code == want, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply

    def get(self, path, want=200, **more):
        return self.ask("GET", path, want=want, **more)

    def post(self, path, body=None, want=201, **more):
        return self.ask("POST", path, {} if body is None else body, want, **more)

    def put(self, path, body, want=200, **more):
        return self.ask("PUT", path, body, want, **more)

    def delete(self, path, want=204, **more):
        return self.ask("DELETE", path, want=want, **more)

    def all(self, path):
        """Every item of a paged list."""
        items, page = [], 1
        joiner = "&" if "?" in path else "?"
        while True:
            body = self.get(f"{path}{joiner}page={page}&size=100").json()
            items += body["items"]
            if page >= body["pages"]:
                assert len(items) == body["total"]
                return items
            page += 1


class Server:
    """One instance: its data directory, its process while it runs, and everything that it logged."""

    def __init__(self, folder, database=None, *settings):
        self.data = Path(folder) / "data"
        self.database = database
        self.settings = list(settings)
        self.port, self.metrics_port = free_port(), free_port()
        self.log = Path(folder) / "server.log"
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def metrics_url(self):
        return f"http://127.0.0.1:{self.metrics_port}/metrics"

    @property
    def storage(self):
        return ["--data-dir", str(self.data)] + (["--database", self.database] if self.database else [])

    def run(self, *arguments, environment=None, timeout=60, input=None):
        """A command of the program; the finished process."""
        return subprocess.run(
            [str(BINARY), *map(str, arguments)], capture_output=True, text=True, timeout=timeout, input=input,
            env=clean_environment(**(environment or {})))

    def bootstrap(self, email="ada@example.com", *more):
        """The first Admin's token."""
        done = self.run("admin", "bootstrap", "--email", email, "--public-url", self.url, *self.storage, *more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["bearer_token"]

    @property
    def command(self):
        return [
            str(BINARY), "serve", "--port", str(self.port), "--metrics-port", str(self.metrics_port),
            *self.storage, *self.settings,
        ]

    def spawn(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean_environment())

    def start(self):
        self.spawn()
        eventually(self.is_up, within=30, every=0.02)
        return self

    def is_up(self):
        code = self.process.poll()
        assert code is None, f"the server stopped with {code}:\n{self.logged()[-3000:]}"
        try:
            return requests.get(f"{self.url}/api/health", timeout=5).status_code == 204
        except requests.ConnectionError:
            return False

    def stop(self, within=15):
        """SIGTERM; the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        finally:
            self.kill()

    def kill(self):
        """`kill -9`: no chance to say goodbye."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def logged(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def metrics(self):
        reply = requests.get(self.metrics_url, timeout=10)
        assert reply.status_code == 200
        return reply.text

    def resident_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def client(self, token=None):
        return Client(self.url, token)


def problem(reply, status):
    """The problem document of a refused request, checked for what each must have."""
    assert reply.status_code == status, f"{reply.status_code} {reply.text}"
    assert reply.headers["Content-Type"].split(";")[0] == PROBLEM
    body = reply.json()
    assert body["status"] == status and body["title"] and body["detail"] and body["type"], body
    return body
