"""What the proofs share: a server of their own, on either engine."""

import shutil
import tempfile
from pathlib import Path

import pytest

from program import BINARY, POSTGRES, Server, fresh_database


def pytest_configure(config):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not there: build it with `swift build`, or run these by `make test-real`", 2)


@pytest.fixture
def folder():
    """A directory with a short path, readable by others (PostgreSQL's tools may run as another user)."""
    path = Path(tempfile.mkdtemp(prefix="latchkey-real-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def new_server(folder):
    """Makes servers; what still runs at the end of the test is killed, and its log shown if the test failed."""
    made = []

    def make(database=None, *settings):
        place = folder / f"server{len(made)}"
        place.mkdir()
        made.append(Server(place, database, *settings))
        return made[-1]

    yield make
    for server in made:
        server.kill()
        print(f"--- log of {server.url}\n{server.logged()[-4000:]}")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request, folder):
    """The database URL for a fresh server: none for the embedded database."""
    if request.param == "sqlite":
        return None
    if not POSTGRES:
        pytest.skip("LATCHKEY_TEST_POSTGRES is not set: `make test-real` starts a private PostgreSQL and sets it")
    return fresh_database(folder.name.replace("-", "_").lower())


@pytest.fixture
def server(new_server):
    """A running server on the embedded database."""
    return new_server().start()


@pytest.fixture
def admin(server):
    """A client with the first Admin's token."""
    return server.client(server.bootstrap())
