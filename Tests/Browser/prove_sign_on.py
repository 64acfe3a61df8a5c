"""Single sign-on with a real identity provider, PyPI's canaille: set up, used, turned off and on in the console."""

import re

import pytest
from playwright.sync_api import expect

import hostile
import looks
from conftest import served
from oidc_provider import PASSWORD as PROVIDERS_PASSWORD
from people import fill_in, set_up
from program import eventually
from prove_single_sign_on import Provider
from steps import Steps
from visitor import Visitor


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server at its first start, and canaille beside it."""
    for server in served("--fetch-allow-private"):
        server.provider = Provider(tmp_path_factory.mktemp("sso"), f"{server.url}/sso/callback")
        try:
            eventually(server.provider.is_up, within=30, every=0.1)
            yield server
        finally:
            server.provider.stop()


@pytest.fixture(scope="module")
def founder(browser, house):
    """The first Admin, who has set the provider up by its form."""
    visitor = Visitor(browser, house.url)
    page, steps = visitor.page, Steps(visitor)
    set_up(visitor, house)
    page.goto("/settings/security/teams/new")
    page.get_by_label("Name").fill("Compilers")
    steps.press("Add")
    steps.go("Sign-in")
    page.get_by_role("link", name="Add identity provider").click()
    page.get_by_label("Name", exact=True).fill("Example")
    page.get_by_label("Issuer", exact=True).fill(house.provider.issuer)
    page.get_by_label("Client id").fill("latchkey")
    page.locator("input[name=client_secret]").fill("s3cret-of-canaille")
    page.get_by_label("Scopes").fill("openid profile email groups")
    page.get_by_label("Claim with groups").fill("groups")
    page.locator("textarea[name=groups]").fill("grace-people = Compilers")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Example")).to_be_visible()
    yield visitor
    visitor.assert_content()
    visitor.close()


@pytest.fixture
def stranger(browser, house, founder):
    """Somebody at a browser of their own. The provider's pages may complain: they are not ours."""
    visitor = Visitor(browser, house.url)
    yield visitor
    visitor.close()


def sign_on(visitor, name, at="/sign-in"):
    """Through the provider's two pages."""
    page = visitor.page
    begin(visitor, at)
    for label, text in [("login", name), ("password", PROVIDERS_PASSWORD)]:
        page.locator(f"input[name={label}]").fill(text)
        page.locator(f"input[name={label}]").press("Enter")
    page.wait_for_url(lambda url: url.startswith(visitor.url) and "/sso/callback" not in url)


def begin(visitor, at):
    """As far as the provider; further for whom it still knows."""
    visitor.page.goto(at)
    visitor.page.get_by_role("link", name="Sign in with Example").click()


def test_the_test_button_says_that_the_provider_answers(founder):
    founder.visit("/settings/sign-in")
    looks.look(founder.page, "sign-in-settings-with-provider")
    founder.page.get_by_role("button", name="Test Example").click()
    expect(founder.page.get_by_role("heading", name="Example answers")).to_be_visible()
    looks.glance(founder.page, "provider-answers")


def test_a_newcomer_gets_an_account_and_a_provider_that_is_off_takes_it_away(stranger, founder, house):
    stranger.page.goto("/settings/tokens")
    looks.look(stranger.page, "sign-in-provider")
    sign_on(stranger, "grace", "/settings/tokens")
    assert stranger.path == "/settings/tokens", "not where she wanted to go"
    expect(stranger.page.get_by_role("link", name="Grace Hopper Member")).to_be_visible()
    founder.visit("/settings/security/users?name=Grace")
    expect(founder.page.locator("tbody tr")).to_contain_text(
        re.compile("grace@example.com.*Member.*Compilers", re.DOTALL))

    turn(founder, "Turn off")
    stranger.page.goto("/settings/tokens")
    assert stranger.path.startswith("/sign-in"), "still in, though the provider is off"
    expect(stranger.page.get_by_role("link", name="Sign in with Example")).to_have_count(0)

    founder.visit("/settings/sign-in")
    founder.page.get_by_role("button", name="Turn on Example").click()
    expect(founder.page.get_by_role("button", name="Turn on Example")).to_have_count(0)
    begin(stranger, "/settings/tokens")
    expect(stranger.page).to_have_url(house.url + "/settings/tokens")


def turn(founder, item):
    founder.visit("/settings/sign-in")
    steps = Steps(founder)
    steps.choose("Example", item)
    looks.glance(founder.page, f"provider {item}")
    steps.press(item)
    expect(founder.page.locator("dialog[open]")).to_have_count(0)


def test_an_account_that_was_there_is_connected_by_its_owner_alone(stranger, founder):
    """The same mail address opens nothing: the person is told, signs in as before, and says that it is theirs."""
    sign_on(stranger, "ada")
    expect(stranger.page.get_by_role("heading", name="Not connected yet")).to_be_visible()
    looks.glance(stranger.page, "not-connected")
    hostile.assert_inert(stranger.page)
    stranger.page.get_by_role("link", name="Sign in and connect").click()
    fill_in(stranger, "ada@example.com")
    expect(stranger.page.get_by_role("heading", name="Connect with Example?")).to_be_visible()
    looks.glance(stranger.page, "connect")
    stranger.page.get_by_role("button", name="Connect").click()
    expect(stranger.page).to_have_url(re.compile("/account$"))
    Steps(stranger).sign_out()
    begin(stranger, "/settings/audit")
    expect(stranger.page.get_by_role("heading", name="Audit")).to_be_visible()


def test_a_refused_provider_keeps_what_was_typed_but_the_secret(founder):
    founder.visit("/settings/sign-in/providers/new")
    page = founder.page
    page.get_by_label("Name", exact=True).fill("Kept & <shown>")
    page.get_by_label("Issuer", exact=True).fill("ftp://nowhere")
    page.get_by_label("Client id").fill("kept")
    page.locator("input[name=client_secret]").fill("not-to-be-sent-back")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Issuer", exact=True)).to_have_attribute("aria-invalid", "true")
    assert page.get_by_label("Name", exact=True).input_value() == "Kept & <shown>"
    assert page.get_by_label("Client id").input_value() == "kept"
    assert "not-to-be-sent-back" not in page.content()
    looks.glance(page, "provider-refused")
