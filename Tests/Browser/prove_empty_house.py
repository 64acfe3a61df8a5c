"""The first day: nobody but the Admin is there, and every page says what to do next."""

import pytest
from playwright.sync_api import expect

import looks
from conftest import served
from people import set_up
from visitor import Visitor

# Page → what it says to do.
PAGES = {
    "/": "All quiet",
    "/settings/security/users": "Add",
    "/settings/security/teams": "Add Team",
    "/settings/tokens": "Generate one for the command line",
    "/settings/tokens/service": "Generate one for a service user",
    "/settings/audit?timeframe=week&object_type=resource": "Show the last 30 days",
    "/settings/sign-in": "Add identity provider",
    "/settings/directory-sync": "No SCIM token yet",
    "/account": "Set up an authenticator",
}


@pytest.fixture(scope="module")
def founder(browser):
    """The first Admin, signed in, of an authority that holds nothing else."""
    for server in served():
        visitor = Visitor(browser, server.url)
        set_up(visitor, server)
        yield visitor
        visitor.close()


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_says_what_to_do(founder, path):
    founder.visit(path)
    expect(founder.page.get_by_role("main")).to_contain_text(PAGES[path])
    looks.look(founder.page, f"empty {path}")
    founder.assert_content()
