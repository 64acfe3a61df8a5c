"""Questions of gateways and introspections are answered in front of everything else, and nothing that goes by is
disturbed by it."""

import socket
import time

import pytest

from program import problem


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


class Wire:
    """A connection on which answers are read one by one."""

    def __init__(self, server):
        self.connection = connect(server)
        self.reader = self.connection.makefile("rb")

    def send(self, content):
        self.connection.sendall(content)

    def answer(self, has_body=True):
        """Status, header fields, body."""
        line = self.reader.readline()
        if not line:
            return None
        fields = {}
        while (field := self.reader.readline().strip()):
            name, value = field.split(b":", 1)
            fields[name.strip().lower().decode()] = value.strip().decode()
        length = int(fields.get("content-length", 0)) if has_body else 0
        return int(line.split()[1]), fields, self.reader.read(length)


def question(token, uri="/api/users/me", method=b"GET", more=b""):
    bearer = b"Authorization: Bearer " + token.encode() + b"\r\n" if token else b""
    return (
        method + b" /authz HTTP/1.1\r\nHost: h\r\nX-Original-Method: GET\r\nX-Original-URI: " + uri.encode() + b"\r\n"
        + bearer + more + b"\r\n")


def test_answers_keep_the_order_of_requests(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    other = b"GET /api/users/me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token.encode() + b"\r\n\r\n"
    health = b"GET /api/health HTTP/1.1\r\nHost: h\r\n\r\n"
    wire = Wire(server)
    for _ in range(20):
        wire.send(other + question(token) + question(None) + health + question(token, "/nothing") + other)
        said = [wire.answer() for _ in range(6)]
        assert [status for status, _, _ in said] == [200, 200, 401, 204, 403, 200]
        assert b"ada@example.com" in said[0][2] and said[1][1]["x-latchkey-user"] == "ada@example.com"
        wire.send(question(token) * 50)
        assert [wire.answer()[0] for _ in range(50)] == [200] * 50


def test_a_question_may_have_a_body_or_come_in_pieces(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    wire = Wire(server)
    wire.send(question(token, method=b"POST", more=b"Content-Length: 5\r\n") + b"hello" + question(token))
    assert [wire.answer()[0] for _ in range(2)] == [200, 200]
    wire.send(question(token, method=b"POST", more=b"Transfer-Encoding: chunked\r\n") + b"3\r\nabc\r\n0\r\n\r\n")
    assert wire.answer()[0] == 200
    whole = question(token, method=b"POST", more=b"Content-Length: 0\r\n")
    for at in range(0, len(whole), 40):
        wire.send(whole[at : at + 40])
        time.sleep(0.01)
    assert wire.answer()[0] == 200
    wire.send(question(token, method=b"HEAD") + question(token))
    assert wire.answer(has_body=False)[0] == 200
    assert wire.answer()[0] == 200
    wire.send(question(None, method=b"HEAD") + question(token))
    assert wire.answer(has_body=False)[0] == 401
    assert wire.answer()[0] == 200


def introspection(asker, token, more=b""):
    """Head and body."""
    body = b"token=" + token.encode()
    head = (
        b"POST /oauth2/introspect HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Authorization: Bearer " + asker.encode() + b"\r\n" + more)
    return head + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n", body


def test_introspections_keep_their_place_among_other_requests(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    other = b"GET /api/users/me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token.encode() + b"\r\n\r\n"
    known, unknown = b"".join(introspection(token, token)), b"".join(introspection(token, "nonsense"))
    refused = b"".join(introspection("nonsense", token))
    wire = Wire(server)
    for _ in range(20):
        wire.send(known + other + unknown + question(token) + refused + known)
        said = [wire.answer() for _ in range(6)]
        assert [status for status, _, _ in said] == [200, 200, 200, 200, 401, 200]
        assert b'"sub":"ada@example.com"' in said[0][2] and said[0][2] == said[5][2]
        assert said[2][2] == b'{"active":false}' and b"invalid_client" in said[4][2]
        assert said[0][1]["cache-control"] == "no-store" and said[0][1]["content-type"] == "application/json"
        wire.send(unknown * 50)
        assert {wire.answer()[2] for _ in range(50)} == {b'{"active":false}'}


def test_an_introspection_may_come_in_pieces_or_in_other_forms(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    head, body = introspection(token, token)
    wire = Wire(server)
    for at in range(0, len(head + body), 60):
        wire.send((head + body)[at : at + 60])
        time.sleep(0.01)
    assert b'"active":true' in wire.answer()[2]
    chunked = head.split(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
    wire.send(chunked + f"{len(body):x}".encode() + b"\r\n" + body + b"\r\n0\r\n\r\n")
    assert b'"active":true' in wire.answer()[2]
    long_head, long_body = introspection(token, "x" * 200_000)
    wire.send(long_head + long_body)
    assert wire.answer()[2] == b'{"active":false}'
    none = head.split(b"Content-Length")[0] + b"\r\n"
    wire.send(none)
    status, _, said = wire.answer()
    assert status == 400 and b"invalid_request" in said
    closing = b"".join(introspection(token, token, b"Connection: close\r\n"))
    wire.send(closing)
    status, fields, _ = wire.answer()
    assert status == 200 and fields["connection"] == "close"
    assert wire.answer() is None


def test_a_body_that_never_ends_is_cut_off(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    head, body = introspection(token, token)
    wire = Wire(server)
    wire.connection.settimeout(30)
    began = time.monotonic()
    wire.send(head + body[:20])
    said = wire.answer()
    assert said is None or said[0] in (400, 408)
    assert time.monotonic() - began < 25


def test_a_connection_ends_when_its_client_says_so(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    admin.get("/api/users/me")
    for closing in [question(token, more=b"Connection: close\r\n"), question(token).replace(b"HTTP/1.1", b"HTTP/1.0")]:
        wire = Wire(server)
        wire.send(closing)
        status, fields, _ = wire.answer()
        assert status == 200 and fields["connection"] == "close"
        assert wire.answer() is None
    wire = Wire(server)
    wire.send(question(token))
    wire.connection.shutdown(socket.SHUT_WR)
    assert wire.answer()[0] == 200
    assert wire.answer() is None


def test_a_connection_that_is_used_stays_open_and_an_idle_one_does_not(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    wire = Wire(server)
    end = time.monotonic() + 13
    while time.monotonic() < end:
        wire.send(question(token))
        assert wire.answer()[0] == 200
        time.sleep(0.2)
    began = time.monotonic()
    assert wire.answer() is None
    assert time.monotonic() - began < 16


def test_a_token_from_beside_the_server_is_known_at_once(server, admin):
    asker = admin.session.headers["Authorization"].removeprefix("Bearer ")
    other = server.bootstrap("hedy@example.com", "--break-glass")
    wire = Wire(server)
    wire.send(b"".join(introspection(asker, other)))
    assert b'"sub":"hedy@example.com"' in wire.answer()[2]
    token = server.bootstrap("grace@example.com", "--break-glass")
    wire.send(question(token))
    status, fields, _ = wire.answer()
    assert status == 200 and fields["x-latchkey-user"] == "grace@example.com"


def test_the_stop_does_not_wait_for_gateways(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    wires = [Wire(server) for _ in range(5)]
    for wire in wires:
        wire.send(question(token))
        assert wire.answer()[0] == 200
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 8


def test_uses_through_a_gateway_are_last_uses(server, admin):
    user = admin.post("/api/users", {"name": "Robot", "role": "Manager"}).json()
    token = admin.post("/api/user-tokens", {"name": "t", "user_id": user["id"]}).json()
    wire = Wire(server)
    wire.send(question(token["bearer_token"], "/api/users?x=1"))
    assert wire.answer()[0] == 200
    shown = admin.get(f"/api/user-tokens/{token['id']}").json()
    assert shown["last_used"] is not None
    wire.send(question(token["bearer_token"], "/api/activity"))
    status, fields, body = wire.answer()
    assert status == 403 and fields["content-type"] == "application/problem+json"
    assert b"needs the role Admin" in body
    problem(admin.ask("GET", "/authzz"), 404)


def memory(server):
    """In MiB."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def test_whoever_does_not_read_costs_no_memory_and_is_cut_off(server, admin):
    admin.get("/api/users/me")
    began, before = time.monotonic(), memory(server)
    connections = [connect(server) for _ in range(4)]
    questions = question(None) * 1000
    for connection in connections:
        connection.settimeout(1)
        try:
            while True:
                connection.sendall(questions)
        except TimeoutError:
            pass
    assert memory(server) - before < 30
    for connection in connections:
        connection.settimeout(60)
        with pytest.raises(OSError):
            while True:
                connection.sendall(questions)
    assert time.monotonic() - began < 90
    assert admin.get("/api/users/me").status_code == 200


def test_the_answer_to_head_has_no_body_on_either_way(server, admin):
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    wire = Wire(server)
    # Behind a request that is not answered yet, and when Hummingbird has not seen one for a while.
    health = b"GET /api/health HTTP/1.1\r\nHost: h\r\n\r\n"
    for _ in range(3):
        wire.send(health + question(None, method=b"HEAD") + health + question(token, method=b"HEAD"))
        said = [wire.answer(has_body=False)[0] for _ in range(4)]
        assert said == [204, 401, 204, 200]
        time.sleep(2.5)
