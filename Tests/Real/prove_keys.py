"""A key file that is missing, that others can read or that is not the database's own: no start, and what to do."""

import fcntl
import json
import os
import shutil
import subprocess

import pytest

from program import BINARY, clean_environment


@pytest.fixture
def served(new_server):
    """A server that has run, and is stopped."""
    server = new_server()
    server.token = server.bootstrap()
    server.start()
    assert server.stop() == 0
    return server


def refused(server, *words):
    done = server.run(*server.command[1:], timeout=30)
    assert done.returncode == 1, f"{done.returncode} {done.stdout} {done.stderr}"
    said = done.stderr + done.stdout
    for word in words:
        assert word in said, said
    assert "latchkey: error:" in said and "hint:" in said, said
    return said


def keys(server):
    return server.data / "keys.json"


def test_the_key_file_is_for_its_owner_alone(served):
    assert keys(served).stat().st_mode & 0o777 == 0o600


def test_a_missing_key_file_is_not_made_anew(served):
    keys(served).rename(served.data / "elsewhere.json")
    refused(served, "keys.json")
    assert not keys(served).exists(), "new keys would make every token that is out worthless"
    (served.data / "elsewhere.json").rename(keys(served))
    served.start().client(served.token).get("/api/users/me")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_that_others_can_read_is_refused(served, mode):
    keys(served).chmod(mode)
    refused(served, "keys.json", "chmod 600")
    keys(served).chmod(0o600)
    served.start().client(served.token).get("/api/users/me")


def test_another_instances_key_file_is_refused(served, new_server):
    stranger = new_server()
    stranger.bootstrap()
    shutil.copy(stranger.data / "keys.json", keys(served))
    os.chmod(keys(served), 0o600)
    refused(served, "keys.json")


@pytest.mark.parametrize("content", ["", "{}", "no JSON", '{"signing":[]}'])
def test_a_key_file_that_is_none_is_refused(served, content):
    keys(served).write_text(content)
    refused(served, "keys.json")


def test_a_database_that_is_none_is_refused(served):
    for name in ["latchkey.db-wal", "latchkey.db-shm"]:
        (served.data / name).unlink(missing_ok=True)
    (served.data / "latchkey.db").write_bytes(b"this is no database, whatever else it is" * 200)
    done = served.run(*served.command[1:], timeout=30)
    assert done.returncode == 1 and "latchkey: error:" in done.stderr + done.stdout


def test_two_servers_do_not_share_a_directory(served):
    served.start()
    done = served.run("serve", "--port", "0", "--metrics-port", "0", *served.storage, timeout=30)
    assert done.returncode == 1 and "another" in done.stderr + done.stdout
    served.client(served.token).get("/api/users/me")


def rotation(server):
    command = [str(BINARY), "keys", "rotate", *server.storage, "--output", "json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment())


def test_a_rotation_beside_another_is_refused_and_changes_nothing(served):
    before = keys(served).read_bytes()
    with open(f"{keys(served)}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = served.run("keys", "rotate", *served.storage)
        assert done.returncode == 1 and done.stdout == "", done.stdout
        assert "being rotated this moment" in done.stderr and "hint: nothing was changed" in done.stderr, done.stderr
        assert keys(served).read_bytes() == before
    assert served.run("keys", "rotate", *served.storage).returncode == 0
    assert keys(served).read_bytes() != before


def test_rotations_at_once_leave_keys_that_check_every_token(served):
    served.start()
    admin = served.client(served.token)
    for _ in range(4):
        started = [rotation(served) for _ in range(5)]
        ended = [(each, *each.communicate(timeout=60)) for each in started]
        made = [json.loads(said)["digest"][0] for each, said, _ in ended if each.returncode == 0]
        assert made and len(set(made)) == len(made), "two rotations made the same generation"
        for each, _, complaint in ended:
            assert each.returncode == 0 or "being rotated this moment" in complaint, complaint
        ring = json.loads(keys(served).read_text())
        assert ring and keys(served).stat().st_mode & 0o777 == 0o600
        admin.get("/api/users/me")
    assert served.stop() == 0
    served.start().client(served.token).get("/api/users/me")
