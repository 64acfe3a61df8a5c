"""A full disk stops writes, with the reason; reads and verification go on, and nothing is lost."""

import errno
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from program import problem


@pytest.fixture
def small_disk(folder):
    """A file system of 24 MiB in memory."""
    place = folder / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount the small file system that this needs")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", str(place)], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(ballast):
    """Writes until not a byte more fits."""
    with open(ballast, "ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError as full:
                assert full.errno == errno.ENOSPC


def create_until_refused(admin, made):
    """The write-ahead log may hold room for some more; then comes the refusal."""
    for number in range(20_000):
        reply = admin.post("/api/users", {"name": f"Full {number}", "role": "Member"}, want=None)
        if reply.status_code != 201:
            return reply
        made.append(reply.json()["name"])
    raise AssertionError("a full disk refused nothing")


def test_writes_are_refused_and_everything_else_goes_on(new_server, small_disk):
    server = new_server()
    server.data = small_disk / "data"
    token = server.bootstrap()
    server.start()
    admin = server.client(token)
    made = []
    for number in range(20):
        made.append(admin.post("/api/users", {"name": f"Before {number}", "role": "Member"}).json()["name"])
    owner = admin.get("/api/users?name=Before").json()["items"][0]["id"]
    used = {"name": "in use", "user_id": owner, "expires_in_days": 9}
    service = server.client(admin.post("/api/user-tokens", used).json()["bearer_token"])

    ballast = small_disk / "ballast"
    fill(ballast)
    refused = create_until_refused(admin, made)
    fill(ballast)
    body = problem(refused, 503)
    assert int(refused.headers["Retry-After"]) >= 1
    assert "disk" in body["detail"].lower() or "space" in body["detail"].lower(), body

    for _ in range(20):
        service.get("/api/users/me")
        problem(admin.post("/api/users", {"name": "Refused", "role": "Member"}, want=None), 503)
    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(lambda _: service.get("/api/users/me", want=None).status_code, range(200)))
    assert statuses == {200}
    names = {each["name"] for each in admin.all("/api/users")}
    assert set(made) <= names and "Refused" not in names
    admin.get("/api/health", want=204)

    ballast.unlink()
    made.append(admin.post("/api/users", {"name": "Refused", "role": "Member"}).json()["name"])
    assert server.stop() == 0
    server.start()
    names = [each["name"] for each in server.client(token).all("/api/users")]
    assert set(made) <= set(names) and len(names) == len(set(names)) == len(made) + 1
