"""`kill -9` at any moment under write load: what was acknowledged is there, what was not asked for is not.

Each round starts the server on what the last one left, looks at what that one had written, writes on with several
clients at once, and kills it somewhere in the middle.
"""

import random
import threading
import time
from dataclasses import dataclass, field

import pytest
import requests

from program import DEEP, Client

ROUNDS = 100
WRITERS = 4


@dataclass
class Ledger:
    """What one round asked for, and what of it was acknowledged, by name. Guarded by the lock."""

    asked_users: set = field(default_factory=set)
    made_users: dict = field(default_factory=dict)
    asked_tokens: set = field(default_factory=set)
    made_tokens: dict = field(default_factory=dict)
    asked_revocations: set = field(default_factory=set)
    made_revocations: set = field(default_factory=set)
    open_users: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_until_dead(url, token, prefix, ledger, stop):
    """Creates a user, a token for it, and revokes every other token, again and again."""
    client, count = Client(url, token), 0
    try:
        while not stop.is_set():
            name = f"{prefix}-{count}"
            body = {"name": name, "role": "Member"}
            with ledger.lock:
                ledger.asked_users.add(name)
                ledger.open_users[name] = body
            user = client.post("/api/users", body, headers={"Idempotency-Key": name}).json()
            with ledger.lock:
                ledger.made_users[name] = user["id"]
                del ledger.open_users[name]
                ledger.asked_tokens.add(name)
            issued = client.post("/api/user-tokens", {"name": name, "user_id": user["id"], "expires_in_days": 9}).json()
            with ledger.lock:
                ledger.made_tokens[name] = issued
            if count % 2 == 0:
                with ledger.lock:
                    ledger.asked_revocations.add(name)
                client.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
                with ledger.lock:
                    ledger.made_revocations.add(name)
            count += 1
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        pass  # it is dead; this request was not acknowledged


def check(admin, url, prefix, ledger):
    """Holds the server's answers against the ledger of a round."""
    for name, body in ledger.open_users.items():
        # Nobody knows whether the change was made; asked again under the same key, it is made once.
        reply = admin.post("/api/users", body, headers={"Idempotency-Key": name})
        again = admin.post("/api/users", body, headers={"Idempotency-Key": name})
        assert reply.status_code == 201 and again.json() == reply.json(), name
    names = [each["name"] for each in admin.all(f"/api/users?name={prefix}-")]
    users = set(names)
    assert len(names) == len(users), "a user was made twice"
    assert set(ledger.open_users) <= users
    assert set(ledger.made_users) <= users, f"lost users: {set(ledger.made_users) - users}"
    assert users <= ledger.asked_users, f"users nobody asked for: {users - ledger.asked_users}"

    tokens = {each["name"]: each for each in admin.get(f"/api/user-tokens/service?name={prefix}-").json()}
    assert set(ledger.made_tokens) <= set(tokens), f"lost tokens: {set(ledger.made_tokens) - set(tokens)}"
    assert set(tokens) <= ledger.asked_tokens, f"tokens nobody asked for: {set(tokens) - ledger.asked_tokens}"
    revoked = {name for name, each in tokens.items() if each["status"] == "revoked"}
    assert ledger.made_revocations <= revoked, f"lost revocations: {ledger.made_revocations - revoked}"
    assert revoked <= ledger.asked_revocations

    for name in random.sample(sorted(ledger.made_tokens), min(4, len(ledger.made_tokens))):
        reply = Client(url, ledger.made_tokens[name]["bearer_token"]).get("/api/users/me", want=None)
        assert reply.status_code == (401 if name in revoked else 200), name


def check_audit(admin, ledgers):
    """No change without its event, no event without its change."""
    made = {name for ledger in ledgers for name in ledger.made_users}
    asked = {name for ledger in ledgers for name in ledger.asked_users}
    there = {each["name"]: each["id"] for each in admin.all("/api/users") if each["name"] in asked}
    assert made <= set(there)
    created = [each["object_id"] for each in admin.all("/api/activity?object_type=user&actions=create")]
    for name, number in there.items():
        assert created.count(number) == 1, f"{name} has not exactly one event"


def survive(server, rounds, alive):
    token = server.bootstrap()
    ledgers, last = [], None
    began = time.monotonic()
    for number in range(rounds):
        server.start()
        admin = server.client(token)
        if last is not None:
            check(admin, server.url, *last)
        prefix, ledger, stop = f"r{number}", Ledger(), threading.Event()
        writers = [
            threading.Thread(target=write_until_dead, args=(server.url, token, f"{prefix}-{each}", ledger, stop))
            for each in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(random.uniform(*alive))
        server.kill()
        stop.set()
        for writer in writers:
            writer.join()
        ledgers.append(ledger)
        last = (prefix, ledger)
    server.start()
    admin = server.client(token)
    check(admin, server.url, *last)
    check_audit(admin, ledgers)
    written = sum(len(ledger.made_users) + len(ledger.made_tokens) + len(ledger.made_revocations) for ledger in ledgers)
    assert written > rounds, "hardly anything was written: this proves nothing"
    print(f"{rounds} deaths, {written} acknowledged changes, {time.monotonic() - began:.0f} s")
    assert server.stop() == 0


def test_a_hundred_deaths_lose_nothing(new_server):
    survive(new_server(None, "--log-level", "warning"), ROUNDS, (0.02, 0.6))


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_nor_do_deaths_beside_postgresql(new_server, engine):
    survive(new_server(engine, "--log-level", "warning"), ROUNDS if DEEP else 10, (0.1, 0.6))


def test_last_use_outlives_a_sudden_death_but_for_two_seconds(new_server, engine):
    server = new_server(engine)
    token = server.bootstrap()
    server.start()
    admin = server.client(token)
    user = admin.post("/api/users", {"name": "Used", "role": "Member"}).json()
    issued = admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 9}).json()
    server.client(issued["bearer_token"]).get("/api/users/me")
    time.sleep(2.5)
    server.kill()
    used = server.start().client(token).get(f"/api/user-tokens/{issued['id']}").json()
    assert used["last_used"] is not None
