"""What goes wrong around gateways denies: a setting that does not fit, long heads, limits, an authority that hangs."""

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from gateways import DIALECTS, LIES, Api

WRONG = [(kind, dialect) for kind in DIALECTS for dialect in ["nginx", "forwarded", "self"] if dialect != DIALECTS[kind]]


@pytest.mark.parametrize("kind, dialect", WRONG)
def test_a_setting_that_does_not_fit_opens_nothing(new_scene, kind, dialect):
    scene = new_scene(kind, dialect=dialect, routes="  GET /: public\n")
    owner = scene.admin.session.headers["Authorization"].removeprefix("Bearer ")
    pairs = [{}, *({name: lie for name, lie in LIES.items() if part in name} for part in ["Original", "Forwarded"]), LIES]
    for lies in [*pairs, *({name: lie} for name, lie in LIES.items())]:
        for path in ["/reports/7", "/open", "/", "/open?x=1"]:
            for token in [None, scene.token["bearer_token"], owner]:
                reply = scene.ask(path=path, token=token, headers=lies)
                assert reply.status_code == 403, (lies, path, reply.text)
                if kind != "nginx":  # which writes a page of its own
                    assert "gateway.headers" in reply.text
    assert scene.api.seen == []


# nginx takes no line above 8 KiB; HAProxy no head above 15 KiB, nor 101 fields, and Envoy not 100.
HEADS = {"a long cookie": ["Cookie: a=" + "x" * 6000] * 3, "many fields": [f"X-F{number}: x" for number in range(105)]}
REFUSE_THEMSELVES = {
    ("haproxy", "a long cookie"), ("haproxy", "many fields"), ("envoy", "many fields"),
    # It cannot leave out all fields but some, so Latchkey is the one to refuse them.
    ("caddy", "many fields"),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_that_the_gateway_takes_is_not_too_much_for_latchkey(scene, head):
    status = scene.raw("/open", *HEADS[head])
    if (scene.gateway.kind, head) in REFUSE_THEMSELVES:
        assert status in (400, 431) and scene.api.seen == []
    else:
        assert status == 200
        assert scene.raw("/reports/7", *HEADS[head]) == 401
        assert scene.raw("/reports/7", *HEADS[head], f"Authorization: Bearer {scene.token['bearer_token']}") == 200


@pytest.mark.parametrize("kind", DIALECTS)
def test_the_question_bears_what_counts_and_no_cookie(new_gateway, kind):
    authority, api = Api(), Api()
    gateway = new_gateway(kind, authority.port, api.port)
    sent = {"Authorization": "Bearer x", "User-Agent": "me", "Cookie": "a=b", "Referer": "here", "X-Anything": "x", **LIES}
    assert requests.put(gateway.url + "/secret?x=1", data=b"abc", headers=sent, timeout=10).status_code == 200
    question = authority.seen[-1]
    told = {name.lower(): value for name, value in question["headers"]}
    assert len(told) == len(question["headers"])
    assert question["path"] == ("/authz/secret?x=1" if DIALECTS[kind] == "self" else "/authz") and question["body"] == ""
    assert told["authorization"] == "Bearer x" and told["user-agent"] == "me"
    # Of a client on this machine, Envoy tells an address of the machine.
    assert kind == "envoy" or told["x-forwarded-for"] == "127.0.0.1"
    assert "cookie" not in told
    own = {"nginx": "x-original-", "forwarded": "x-forwarded-"}.get(DIALECTS[kind])
    lies = [name.lower() for name in LIES]
    assert {name for name in told if name in lies} == {name for name in lies if own and name.startswith(own)}
    if own:
        assert [told[name] for name in lies if name.startswith(own)] == ["PUT", "/secret?x=1"]
    else:
        assert question["method"] == "PUT"
    # Caddy cannot leave out all fields but some.
    assert kind == "caddy" or not {"referer", "x-anything"} & set(told)
    arrived = {name.lower(): value for name, value in api.seen[-1]["headers"]}
    assert arrived["cookie"] == "a=b" and arrived["referer"] == "here"


def test_it_listens_here_alone_and_for_every_host(scene):
    for host in ["example.com", "localhost", "127.0.0.2:8000"]:
        assert scene.raw("/reports/7", host=host) == 401, host
        assert scene.raw("/open", host=host) == 200, host
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", scene.gateway.port))


def test_an_authority_that_hangs_means_no(scene):
    bearer = scene.token["bearer_token"]
    assert scene.ask(token=bearer).status_code == 200
    before = len(scene.api.seen)
    # Traefik gives every question 30 seconds and has no setting for it.
    most = 33 if scene.gateway.kind == "traefik" else 8
    scene.authority.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(scene.ask, path=path, token=token, timeout=most)
                 for path in ["/reports/7", "/open"] for token in [bearer, None]]
        statuses = [reply.result().status_code for reply in asked]
    assert set(statuses) <= {403, 500, 502, 503, 504}, statuses
    assert time.monotonic() - began < most
    assert len(scene.api.seen) == before
    scene.authority.process.send_signal(signal.SIGCONT)
    assert scene.ask(token=bearer).status_code == 200


@pytest.mark.parametrize("kind", DIALECTS)
def test_who_asks_too_often_hears_when_to_try_again(new_scene, kind):
    scene = new_scene(kind, "--limit-token", "20/1d")
    for _ in range(20):
        reply = scene.ask(token=scene.token["bearer_token"])
        assert reply.status_code == 200 and "Retry-After" not in reply.headers
    reply = scene.ask(token=scene.token["bearer_token"])
    assert reply.status_code == 403 and len(scene.api.seen) == 20
    assert 4000 < int(reply.headers["Retry-After"]) <= 4320
    other = scene.new_token("other")["bearer_token"]
    denied = scene.ask(path="/reports/8", token=other)
    assert denied.status_code == 403 and "Retry-After" not in denied.headers
    assert "Retry-After" not in scene.ask().headers
