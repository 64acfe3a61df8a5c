"""Servers that stand in for what an example speaks to."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler

from loopback import Loopback
from program import free_port
from workload_issuer import reply


class Catalog(Loopback):
    """A server that takes whatever it is sent, and remembers it: (method, path, headers, body)."""

    def __init__(self, answer):
        self.asked = []
        catalog = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sent = json.loads(body) if body and "json" in headers.get("content-type", "") else body or None
                catalog.asked.append((self.command, self.path.partition("?")[0], headers, sent))
                given = answer(self.path, sent)
                status, body = given if isinstance(given, tuple) else (200, given)
                with contextlib.suppress(ConnectionError):  # who has hung up needs no answer
                    reply(self, body, status, headers=[("Content-Type", "application/json")])

            do_GET = do_POST = do_PUT = handle_any

            def log_message(self, *_):
                pass

        super().__init__(Handler)

    @property
    def paths(self):
        return [path for _, path, _, _ in self.asked]


REASON = "This stand-in gives nobody a token."


class Absent:
    """A Latchkey that gives nobody a token, in one of several ways. What it is asked, it remembers."""

    def __init__(self, fault):
        self.over = threading.Event()
        answers = {
            "answers 503": (503, b"<html>503 Service Temporarily Unavailable</html>"),
            "refuses": (401, {"error": "invalid_client", "error_description": REASON, "detail": REASON}),
            "says nothing": (200, b""),
            "gives no token": (200, {}),
        }
        self.catalog = Catalog(lambda path, sent: answers.get(fault) or self.hang())
        self.url = f"http://127.0.0.1:{free_port()}" if fault == "is not there" else self.catalog.url

    def hang(self):
        self.over.wait()
        return 503, b""

    def stop(self):
        self.over.set()
        self.catalog.stop()
