"""Ways in: second factor, recovery code, sessions, and a real identity provider (PyPI's canaille)."""

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import expect

import looks
from oidc_provider import PASSWORD as PROVIDERS_PASSWORD
from people import PASSWORD, is_in, set_up, sign_in
from program import Server, eventually
from prove_single_sign_on import Provider
from visitor import Visitor

EMAIL = "ada@example.com"


def code(key, step=0):
    """What an authenticator shows (RFC 6238): the code of this half minute, or of a later one."""
    secret = base64.b32decode(key.replace(" ", ""))
    digest = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30 + step), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def give_code(visitor, text):
    visitor.page.get_by_role("textbox", name="Code").fill(text)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_set_up_link_works_once(new_visitor, server):
    first, second = new_visitor(), new_visitor()
    link = set_up(first, server)
    second.page.goto(link)
    expect(second.page.locator("form[action='/set-up']")).to_have_count(0)
    looks.look(second.page, "set-up-used")


def test_a_second_factor_is_asked_for_and_a_recovery_code_works_once(new_visitor, server):
    visitor = new_visitor()
    set_up(visitor, server)
    visitor.visit("/account/second-factor")
    key = visitor.page.locator("#factor-key").inner_text()
    visitor.page.get_by_role("textbox", name="Code").fill("000000" if code(key) != "000000" else "000001")
    visitor.page.get_by_role("button", name="Set up").click()
    expect(visitor.page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    assert visitor.page.locator("#factor-key").inner_text() == key, "another key after a refusal"
    visitor.page.get_by_role("textbox", name="Code").fill(code(key))
    visitor.page.get_by_role("button", name="Set up").click()
    recovery = visitor.page.locator(".codes code").all_inner_texts()
    assert len(set(recovery)) == 10
    looks.look(visitor.page, "recovery-codes")

    again = new_visitor()
    sign_in(again, EMAIL)
    expect(again.page.get_by_role("heading", name="Second factor")).to_be_visible()
    looks.look(again.page, "sign-in-code")
    again.page.goto("/account")
    assert again.path.startswith("/sign-in"), "a password alone opened the console"
    sign_in(again, EMAIL)
    give_code(again, recovery[0])
    is_in(again)

    third = new_visitor()
    sign_in(third, EMAIL)
    give_code(third, recovery[0])
    expect(third.page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    give_code(third, code(key, 1))
    is_in(third)


def test_sessions_are_seen_and_ended(new_visitor, server):
    here, there = new_visitor(), new_visitor()
    set_up(here, server)
    sign_in(there, EMAIL)
    is_in(there)
    here.visit("/account")
    other = here.page.get_by_role("row").filter(has_not_text="This one").filter(
        has=here.page.get_by_role("button", name="End"))
    other.get_by_role("button", name="End").click()
    expect(other).to_have_count(0)
    there.page.goto("/account")
    assert there.path.startswith("/sign-in")
    here.page.get_by_role("button", name="Sign out everywhere").click()
    here.page.goto("/account")
    assert here.path.startswith("/sign-in")


def test_a_new_password_signs_out_everywhere_else(new_visitor, server):
    here, there = new_visitor(), new_visitor()
    set_up(here, server)
    sign_in(there, EMAIL)
    is_in(there)
    here.visit("/account")
    here.page.get_by_role("link", name="Change password").click()
    dialog = here.page.locator("dialog[open]")
    dialog.locator("input[type=password]").nth(0).fill(PASSWORD)
    dialog.locator("input[type=password]").nth(1).fill("another four words here")
    dialog.get_by_role("button", name="Change password").click()
    expect(here.page.locator("dialog[open]")).to_have_count(0)
    there.page.goto("/account")
    assert there.path.startswith("/sign-in")
    here.visit("/account")
    sign_in(there, EMAIL, "another four words here")
    is_in(there)


@pytest.fixture
def sso_server(tmp_path_factory):
    """A server that knows canaille, which runs beside it."""
    folder = tmp_path_factory.mktemp("sso")
    server = Server(folder, None, "--fetch-allow-private").start()
    provider = Provider(folder, f"{server.url}/sso/callback")
    try:
        eventually(provider.is_up, within=30, every=0.1)
        api = server.client(server.bootstrap(EMAIL))
        api.post("/api/identity-providers", {
            "name": "Example", "issuer": provider.issuer, "client_id": "latchkey",
            "client_secret": "s3cret-of-canaille", "scopes": ["openid", "profile", "email"]})
        yield server
    finally:
        provider.stop()
        server.kill()


@pytest.fixture
def sso_visitor(browser, sso_server):
    """The provider's own pages may complain: they are not ours."""
    visitor = Visitor(browser, sso_server.url)
    yield visitor
    visitor.close()


def test_a_person_comes_in_through_the_identity_provider_and_lands_where_she_wanted(sso_visitor, sso_server):
    page = sso_visitor.page
    page.goto("/settings/tokens")
    looks.look(page, "sign-in-provider")
    page.get_by_role("link", name="Sign in with Example").click()
    for label, text in [("login", "grace"), ("password", PROVIDERS_PASSWORD)]:
        page.locator(f"input[name={label}]").fill(text)
        page.locator(f"input[name={label}]").press("Enter")
    page.wait_for_url(sso_server.url + "/settings/tokens")
    expect(page.get_by_role("link", name="Grace Hopper Member")).to_be_visible()
