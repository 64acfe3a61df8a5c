"""Senders that are slow, long-winded or confused are answered or cut off, and cost the others nothing."""

import json
import socket
import struct
import threading
import time

import pytest

from program import problem

MEBIBYTE = 1 << 20


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def read_all(connection):
    """Everything until the server closes."""
    said = b""
    try:
        while chunk := connection.recv(65536):
            said += chunk
    except (ConnectionResetError, BrokenPipeError, TimeoutError):
        pass
    return said


def drip(connection, content, every):
    """Sends a byte at a time until the server has had enough."""
    try:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(every)
    except OSError:
        pass


def held_for(server, opening, dripping=b"", every=0.5):
    """How long the server keeps a connection that says this and then hardly anything."""
    with connect(server) as connection:
        began = time.monotonic()
        connection.sendall(opening)
        sender = threading.Thread(target=drip, args=(connection, dripping, every), daemon=True)
        sender.start()
        said = read_all(connection)
        return time.monotonic() - began, said


def test_slow_senders_are_cut_off_after_ten_seconds(server, admin):
    token = admin.session.headers["Authorization"].encode()
    head = b"POST /api/users HTTP/1.1\r\nHost: h\r\nAuthorization: " + token + b"\r\nContent-Type: application/json\r\n"
    slow = {
        "half a request line": (b"GET /api/us", b""),
        "headers, a byte now and then": (b"GET /api/health HTTP/1.1\r\nHost: h\r\n", b"X-Slow: " + b"a" * 500),
        "a body that never comes": (head + b"Content-Length: 100\r\n\r\n", b""),
        "a body, a byte now and then": (head + b"Content-Length: 500\r\n\r\n", b" " * 500),
        "a chunked body, a byte now and then": (head + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 100),
    }
    held = {}

    def hold(name, opening, dripping):
        held[name] = held_for(server, opening, dripping)[0]

    holders = [threading.Thread(target=hold, args=(name, *what)) for name, what in slow.items()]
    for holder in holders:
        holder.start()
    for _ in range(10):
        began = time.monotonic()
        admin.get("/api/users/me")
        assert time.monotonic() - began < 2, "others wait for slow senders"
        time.sleep(0.5)
    for holder in holders:
        holder.join(40)
    assert held.keys() == slow.keys(), f"still held: {slow.keys() - held.keys()}"
    assert all(5 < seconds < 16 for seconds in held.values()), held


def flood(connection, megabytes):
    """Header after header; stops when the server does not take them any more."""
    connection.settimeout(3)
    connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: h\r\n")
    try:
        for number in range(megabytes * 8_000):
            connection.sendall(b"X-Flood-%d: %s\r\n" % (number, b"a" * 110))
        connection.sendall(b"\r\n")
    except OSError:
        pass


def test_headers_are_bounded(server, admin):
    """16 KiB in all. What is beyond is refused, and neither read to its end nor kept."""
    admin.get("/api/users/me", headers={"X-Long": "a" * 14_000})
    before = server.resident_bytes()
    for megabytes in [1] * 20 + [30]:
        with connect(server) as connection:
            flood(connection, megabytes)
            assert b"HTTP/1.1 2" not in read_all(connection)
    with connect(server) as connection:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: h\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n")
        said = read_all(connection)
        refused(said, 431)
    assert server.resident_bytes() - before < 32 * MEBIBYTE
    admin.get("/api/users/me")


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_over_a_mebibyte_are_refused(server, admin, chunked):
    body = b'{"name": "' + b"a" * MEBIBYTE + b'", "role": "Member"}'
    before = server.resident_bytes()
    for _ in range(5):
        data = iter([body[at : at + 50_000] for at in range(0, len(body), 50_000)]) if chunked else body
        reply = admin.ask("POST", "/api/users", data=data, headers={"Content-Type": "application/json"})
        problem(reply, 413)
    assert server.resident_bytes() - before < 64 * MEBIBYTE
    assert admin.get("/api/users").json()["total"] == 1


HOSTILE = {
    "nested too deeply": (b"[" * 40 + b"]" * 40, (400, 422)),
    "nested without end": (b"[" * 500_000, (400, 422)),
    "truncated": (b'{"name": "A", "rol', (400,)),
    "empty": (b"", (400, 422)),
    "two texts": (b'{"name":"A","role":"Member"}{}', (400,)),
    "a name twice": (b'{"name":"A","name":"B","role":"Member"}', (400, 422)),
    "not UTF-8": (b'{"name":"\xff\xfe","role":"Member"}', (400,)),
    "a lone surrogate": (b'{"name":"\\ud800","role":"Member"}', (400, 422)),
    "a misspelt field": (b'{"name":"A","role":"Member","expires_in_day":3}', (422,)),
    "a number for a name": (b'{"name":5,"role":"Member"}', (422,)),
    "null for a name": (b'{"name":null,"role":"Member"}', (422,)),
    "no such role": (b'{"name":"A","role":"Root"}', (422,)),
    "a name of 300 characters": (b'{"name":"' + b"a" * 300 + b'","role":"Member"}', (422,)),
    "a name without a letter": ('{"name":"…","role":"Member"}'.encode(), (422,)),
    "NUL in a name": (b'{"name":"a\\u0000b","role":"Member"}', (400, 422)),
    "2,000 teams": (b'{"name":"A","role":"Member","teams":[' + b",".join([b'"x"'] * 2000) + b"]}", (400, 413, 422)),
    "an array": (b'["name"]', (400, 422)),
    "an endless number": (b'{"name":"A","owner_id":' + b"9" * 400 + b',"role":"Member"}', (400, 422)),
    "the subject's name": (b'{"name":"A","role":"Member","actor":1,"user":1}', (422,)),
}


@pytest.mark.parametrize("body, statuses", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_refused_and_changes_nothing(server, admin, body, statuses):
    reply = admin.ask("POST", "/api/users", data=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in statuses, f"{reply.status_code} {reply.text[:500]}"
    problem(reply, reply.status_code)
    assert len(reply.content) < 4096, "an answer much longer than it need be"
    assert admin.get("/api/users").json()["total"] == 1


def test_other_media_types_are_refused(admin):
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/xml"]:
        reply = admin.ask("POST", "/api/users", data=b'{"name":"A","role":"Member"}', headers={"Content-Type": media})
        problem(reply, 415)


def refused(said, status):
    """The one problem document that the server said before it closed."""
    head, _, body = said.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    assert lines[0].split()[1] == str(status), said[:300]
    assert fields["content-type"] == "application/problem+json" and fields["connection"] == "close", fields
    assert len(body) == int(fields["content-length"]), "more was said than one answer"
    told = json.loads(body)
    assert told["status"] == status and told["detail"] and told["instance"] == fields["x-request-id"], told
    return told


def say(server, *said):
    """What the server answers to these bytes, after which nothing more comes."""
    with connect(server) as connection:
        for part in said:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


CONFUSED = {
    "a method of its own": b"FETCH /api/health HTTP/1.1\r\nHost: h\r\n\r\n",
    "no host": b"GET /api/health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /api/health HTTP/1.1\r\nHost: h\r\nhost: i\r\n\r\n",
    "half a request": b"GET /api/health HTTP/1.1\r\nHo",
    "no path": b"GET HTTP/1.1\r\nHost: h\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "two lengths": b"POST /api/users HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "length and chunks": (
        b"POST /api/users HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "a wrong chunk": b"POST /api/users HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
    "a length below nothing": b"POST /api/users HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n",
    "a space before the colon": b"GET /api/health HTTP/1.1\r\nHost : h\r\n\r\n",
    "another version": b"GET /api/health HTTP/7.3\r\nHost: h\r\n\r\n",
}


@pytest.mark.parametrize("said", CONFUSED.values(), ids=CONFUSED.keys())
def test_a_confused_sender_is_told_so_once(server, said):
    answer = say(server, said)
    assert b"HTTP/1.1 2" not in answer, answer[:300]
    if answer.startswith(b"HTTP/1.1 401"):
        assert answer.count(b"HTTP/1.1") == 1, "who did not read the body answers, and nobody after it"
    else:
        refused(answer, 400)
    server.client().get("/api/health", want=204)


TOO_LONG = {
    "a request line": b"GET /api/health?" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
    "a field": b"GET /api/health HTTP/1.1\r\nHost: h\r\nX-Long: " + b"a" * 17_000 + b"\r\n\r\n",
    "all fields together": (
        b"GET /api/health HTTP/1.1\r\nHost: h\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"a" * 400) for n in range(60))
        + b"\r\n"),
    "too many fields": b"GET /api/health HTTP/1.1\r\nHost: h\r\n" + b"X: a\r\n" * 101 + b"\r\n",
}


@pytest.mark.parametrize("said", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_a_head_beyond_the_bound_is_refused_in_words(server, said):
    assert refused(say(server, said), 431)["type"] == "/problems/header-fields-too-large"


def test_what_came_before_a_malformed_request_is_answered_first(server):
    good = b"GET /api/health HTTP/1.1\r\nHost: h\r\n\r\n"
    answer = say(server, good + b"nonsense\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 204")
    refused(answer[answer.index(b"HTTP/1.1 400"):], 400)


def test_http_1_0_needs_no_host(server):
    """Health checks of HAProxy are such requests."""
    assert b" 204 " in say(server, b"GET /api/health HTTP/1.0\r\n\r\n").split(b"\r\n")[0]


WHOLE = b'{"name": "Cut off", "role": "Member"}'
CUT = {
    "a length that is not reached": b"Content-Length: 60\r\n\r\n" + WHOLE,
    "half a body": b"Content-Length: %d\r\n\r\n" % len(WHOLE) + WHOLE[:20],
    "chunks without their end": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(WHOLE), WHOLE),
    "half a chunk": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(WHOLE) + 5, WHOLE),
    "a wrong second chunk": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\nZZ\r\n" % (len(WHOLE), WHOLE),
}


@pytest.mark.parametrize("body", CUT.values(), ids=CUT.keys())
def test_a_body_that_is_cut_off_is_refused_and_changes_nothing(server, admin, body):
    token = admin.session.headers["Authorization"].encode()
    head = b"POST /api/users HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: " + token
    known = admin.get("/api/activity").json()["total"]
    said = say(server, head + b"\r\n" + body)
    assert said.startswith(b"HTTP/1.1 400") and said.count(b"HTTP/1.1") == 1, said[:300]
    told = json.loads(said.partition(b"\r\n\r\n")[2])
    assert told["type"] == "/problems/bad-request" and "not sent whole" in told["detail"], told
    with connect(server) as connection:
        connection.sendall(head + b"\r\n" + body)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert admin.get("/api/users").json()["total"] == 1
    assert admin.get("/api/activity").json()["total"] == known + 1, "the first look at the log, and nothing else"
