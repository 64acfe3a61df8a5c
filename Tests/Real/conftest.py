"""What the proofs share: a server of their own, on either engine."""

import shutil
import tempfile
from functools import partial
from pathlib import Path

import pytest

from gateways import DIALECTS, Gateway, Scene, program
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


@pytest.fixture
def new_gateway(folder):
    """Makes gateways, by kind and the ports of an authority and an API; skips one that is not installed."""
    made = []

    def make(kind, authority_port, api_port):
        if not program(kind):
            pytest.skip(f"{kind} is not installed: Scripts/set-up test and Scripts/real-venv install it")
        made.append(Gateway(kind, folder, authority_port, api_port))
        return made[-1].start()

    yield make
    for gateway in made:
        print(gateway.log.read_text()[-3000:])
        gateway.stop()


@pytest.fixture
def new_scene(new_gateway, folder, new_server):
    """Makes a gateway with all that is around it."""
    return partial(Scene, folder, new_server, new_gateway)


@pytest.fixture(params=DIALECTS)
def scene(request, new_scene):
    """Every gateway in turn, with the setting that fits it."""
    return new_scene(request.param)
