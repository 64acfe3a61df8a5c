"""What the proofs of examples/ share: a server of their own, and a service user for the example."""

import shutil
import tempfile
from pathlib import Path

import pytest

from program import Server
from workload_issuer import Issuer


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="latchkey-examples-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def server(folder):
    made = Server(folder, None, "--fetch-allow-private").start()
    yield made
    made.kill()
    print(f"--- log of {made.url}\n{made.logged()[-4000:]}")


@pytest.fixture
def admin(server):
    return server.client(server.bootstrap())


@pytest.fixture
def robot(admin):
    """A service user with a token, and the variables from which the examples take both."""
    user = admin.post("/api/users", {"name": "Nightly load", "role": "Manager"}).json()
    made = admin.post("/api/user-tokens", {"name": "example", "user_id": user["id"], "expires_in_days": 1}).json()
    variables = {"LATCHKEY_URL": admin.url, "LATCHKEY_USER": user["user_id"], "LATCHKEY_TOKEN": made["bearer_token"]}
    return {"id": user["id"], "token_id": made["id"], "variables": variables}


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.stop()
