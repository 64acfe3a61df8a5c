"""What the browser proofs share: one chromium, servers of their own, and visitors whose pages must not complain."""

import shutil
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from looks import SCREENSHOTS
from organisation import ADMIN, Organisation
from other_site import OtherSite
from people import is_in, sign_in
from program import BINARY, Server
from visitor import CHROMIUM, PATIENCE, Visitor, launch


def pytest_configure(config):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not there: build it with `swift build`, or run these by `make test-browser`", 2)
    if not CHROMIUM:
        pytest.exit("chromium is not there: `make test-browser` installs Debian's", 2)
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


def served(*settings):
    """A running server in a directory of its own; it and the directory are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="latchkey-browser-", dir="/tmp"))
    server = Server(folder, None, *settings)
    try:
        yield server.start()
    finally:
        server.kill()
        print(f"--- log of {server.url}\n{server.logged()[-4000:]}")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def organisation():
    """A made-up organisation, for proofs that only look."""
    folder = Path(tempfile.mkdtemp(prefix="latchkey-browser-", dir="/tmp"))
    made = Organisation(folder)
    yield made
    made.server.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def signed_in(browser, organisation):
    """The cookies of an Admin there."""
    visitor = Visitor(browser, organisation.url)
    sign_in(visitor, ADMIN, organisation.password)
    is_in(visitor)
    cookies = visitor.context.storage_state()
    visitor.close()
    return cookies


@pytest.fixture
def organisation_visitor(browser, organisation):
    yield from visitors(browser, lambda: organisation.url)


@pytest.fixture
def admin(organisation_visitor, signed_in):
    """The Admin whose cookies these are, at a browser."""
    return organisation_visitor(storage_state=signed_in)


@pytest.fixture
def server():
    """A running server at its first start: nobody is there yet."""
    yield from served()


@pytest.fixture
def new_visitor(browser, server):
    yield from visitors(browser, lambda: server.url)


def visitors(browser, url):
    """Makes visitors; at the end none of their pages may have complained."""
    made = []

    def make(**options):
        made.append(Visitor(browser, url(), **options))
        return made[-1]

    yield make
    try:
        for visitor in made:
            visitor.assert_content()
    finally:
        for visitor in made:
            visitor.close()


@pytest.fixture
def visitor(new_visitor):
    """Somebody who isn't signed in."""
    return new_visitor()


@pytest.fixture
def other_site():
    """A site that isn't ours, and what it serves."""
    site = OtherSite()
    yield site
    site.close()
