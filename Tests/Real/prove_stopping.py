"""SIGTERM: no new requests, those under way finish, exit code 0."""

import signal
import socket
import time

import pytest
import requests

from program import eventually


def request_half_sent(server, token):
    body = b'{"name":"Last One","role":"Member"}'
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(
        b"POST /api/users HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
        b"Authorization: Bearer %s\r\n\r\n" % (len(body), token.encode()) + body[:10])
    return connection, body[10:]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_finished(new_server, number):
    server = new_server()
    token = server.bootstrap()
    server.start()
    server.client(token).get("/api/users/me")
    connection, rest = request_half_sent(server, token)
    idle = socket.create_connection(("127.0.0.1", server.port))
    time.sleep(0.3)
    server.process.send_signal(number)

    def refuses():
        try:
            requests.get(f"{server.url}/api/health", timeout=2)
            return False
        except requests.ConnectionError:
            return True

    eventually(refuses, within=5)
    assert server.process.poll() is None, "it did not wait for the request under way"
    connection.sendall(rest)
    answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 201"), answer
    assert server.process.wait(12) == 0
    idle.close()
    server.process = None
    assert "Last One" in [each["name"] for each in server.start().client(token).all("/api/users")]


def test_last_use_is_not_lost_at_a_clean_stop(new_server, engine):
    server = new_server(engine)
    token = server.bootstrap()
    server.start()
    admin = server.client(token)
    user = admin.post("/api/users", {"name": "Used", "role": "Member"}).json()
    issued = admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 9}).json()
    server.client(issued["bearer_token"]).get("/api/users/me")
    assert server.stop() == 0
    used = server.start().client(token).get(f"/api/user-tokens/{issued['id']}").json()
    assert used["last_used"] is not None


def test_it_stops_at_once_when_nothing_is_under_way(server):
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5
