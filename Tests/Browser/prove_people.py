"""People come, and need help: invitations, links for a password, a second factor that an Admin requires or resets."""

import re

import pytest
from playwright.sync_api import expect

import looks
from conftest import served
from people import PASSWORD, code, fill_in, is_in, set_up, sign_in
from steps import Steps
from visitor import Visitor


@pytest.fixture(scope="module")
def house(browser):
    for server in served():
        yield server


@pytest.fixture(scope="module")
def founder(browser, house):
    """The first Admin."""
    visitor = Visitor(browser, house.url)
    set_up(visitor, house)
    yield visitor
    visitor.assert_content()
    visitor.close()


@pytest.fixture
def newcomer(browser, house, founder):
    """Somebody at a browser of their own, who isn't signed in."""
    visitor = Visitor(browser, house.url)
    yield visitor
    visitor.assert_content()
    visitor.close()


def link_shown(founder):
    """The link of a dialog that shows it once."""
    shown = Steps(founder).dialog.locator("#link")
    expect(shown).to_be_visible()
    link = shown.inner_text().strip()
    founder.page.once("dialog", lambda asked: asked.accept())
    Steps(founder).done()
    return link


def invite(founder, email, name, role="Member", seen=False):
    """Users → Add → Invite person; the link."""
    founder.visit("/settings/security/users")
    page, steps = founder.page, Steps(founder)
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Invite person").click()
    steps.dialog.get_by_label("Mail address").fill(email)
    steps.dialog.get_by_label("Name", exact=True).fill(name)
    steps.dialog.get_by_role("radio", name=re.compile(f"^{role}")).check()
    if seen:
        looks.glance(page, "invite")
    steps.press("Make the link")
    if seen:
        expect(steps.dialog.locator("#link")).to_be_visible()
        looks.glance(page, "invitation link")
    return link_shown(founder)


def accept(newcomer, link, password=PASSWORD):
    newcomer.page.goto(link)
    newcomer.page.get_by_label("Password").fill(password)
    newcomer.page.get_by_role("button", name="Accept and sign in").click()


def test_an_invitation_from_the_link_to_the_account(founder, newcomer):
    link = invite(founder, "grace@example.com", "Grace Hopper", "Manager", seen=True)
    founder.visit("/settings/sign-in")
    expect(founder.page.get_by_role("row").filter(has_text="Grace Hopper")).to_contain_text("Manager")
    looks.look(founder.page, "sign-in-settings-invited")
    newcomer.page.goto(link)
    looks.look(newcomer.page, "invitation")
    newcomer.page.get_by_label("Your name").fill("Grace B. Hopper")
    newcomer.page.get_by_label("Password").fill("short")
    newcomer.page.get_by_role("button", name="Accept and sign in").click()
    expect(newcomer.page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(newcomer.page.get_by_label("Your name")).to_have_value("Grace B. Hopper")
    newcomer.page.get_by_label("Password").fill(PASSWORD)
    newcomer.page.get_by_role("button", name="Accept and sign in").click()
    is_in(newcomer)
    expect(newcomer.page.get_by_role("link", name="Grace B. Hopper Manager")).to_be_visible()
    founder.visit("/settings/sign-in")
    expect(founder.page.get_by_text("Nobody is invited")).to_be_visible()


def test_the_link_of_an_invitation_works_once_and_no_longer_when_it_is_withdrawn(founder, newcomer):
    link = invite(founder, "alan@example.com", "Alan Turing")
    founder.visit("/settings/sign-in")
    founder.page.get_by_role("link", name=re.compile("^Withdraw")).click()
    looks.glance(founder.page, "withdraw")
    Steps(founder).press("Withdraw")
    expect(founder.page.get_by_text("Nobody is invited")).to_be_visible()
    newcomer.page.goto(link)
    expect(newcomer.page.locator("form[action='/invitation']")).to_have_count(0)
    looks.glance(newcomer.page, "invitation-over")
    again = invite(founder, "alan@example.com", "Alan Turing")
    accept(newcomer, again)
    is_in(newcomer)
    newcomer.context.clear_cookies()
    newcomer.page.goto(again)
    expect(newcomer.page.locator("form[action='/invitation']")).to_have_count(0)


def test_an_invitation_that_cannot_be_says_why_beside_the_field(founder):
    founder.visit("/settings/sign-in/invite")
    page, steps = founder.page, Steps(founder)
    page.get_by_label("Mail address").fill("nobody at all")
    page.get_by_label("Name", exact=True).fill("Kept Name")
    page.locator("main form").evaluate("each => each.noValidate = true")
    steps.press("Make the link")
    assert steps.flaw("Mail address")
    assert page.get_by_label("Mail address").input_value() == "nobody at all"
    assert page.get_by_label("Name", exact=True).input_value() == "Kept Name"


def menu(founder, name, item):
    founder.visit("/settings/security/users")
    founder.page.get_by_role("link", name=name, exact=True).click()
    founder.page.get_by_role("button", name="More actions").click()
    founder.page.get_by_role("link", name=item).locator("visible=true").click()


def test_who_lost_the_password_chooses_a_new_one_by_a_link(founder, newcomer):
    accept(newcomer, invite(founder, "edsger@example.com", "Edsger Dijkstra"))
    is_in(newcomer)
    menu(founder, "Edsger Dijkstra", "Make a password link")
    looks.glance(founder.page, "password-link-asked")
    Steps(founder).press("Make the link")
    link = link_shown(founder)
    newcomer.context.clear_cookies()
    newcomer.page.goto(link)
    looks.look(newcomer.page, "new-password")
    newcomer.page.get_by_label("New password").fill("something else to say")
    newcomer.page.get_by_role("button", name="Save and sign in").click()
    is_in(newcomer)
    newcomer.context.clear_cookies()
    newcomer.page.goto(link)
    expect(newcomer.page.locator("form[action='/new-password']")).to_have_count(0)
    sign_in(newcomer, "edsger@example.com", "something else to say")
    is_in(newcomer)


def set_up_factor(visitor):
    """On the page that sets it up; the key, and the recovery codes that were shown."""
    page = visitor.page
    key = page.locator("#factor-key").inner_text()
    page.get_by_role("textbox", name="Code").fill(code(key))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have written them down").click()
    return key, codes


def test_a_second_factor_that_an_admin_requires_is_asked_of_everybody(browser):
    """A house of its own: the rule holds for all who are in it."""
    for server in served():
        founder, other = (Visitor(browser, server.url) for _ in range(2))
        set_up(founder, server)
        accept(other, invite(founder, "grace@example.com", "Grace Hopper"))
        is_in(other)
        founder.visit("/account/second-factor")
        set_up_factor(founder)
        founder.visit("/settings/sign-in")
        founder.page.get_by_role("link", name="Require it").click()
        looks.glance(founder.page, "require-second-factor")
        Steps(founder).press("Require it")
        expect(founder.page.get_by_text("Required", exact=True)).to_be_visible()

        other.page.goto("/settings/tokens")
        assert other.path.startswith("/account/second-factor"), "let in without it"
        looks.look(other.page, "second-factor-required")
        other.page.goto("/settings/tokens")
        _, codes = set_up_factor(other)
        other.visit("/settings/tokens")
        assert other.path == "/settings/tokens"

        menu(founder, "Grace Hopper", re.compile("^Reset second factor"))
        looks.glance(founder.page, "reset-second-factor")
        Steps(founder).press("Reset")
        Steps(founder).told("The second factor is reset")
        other.page.goto("/settings/tokens")
        assert other.path.startswith("/sign-in"), "still signed in after the reset"
        fill_in(other, "grace@example.com")
        expect(other.page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        assert codes[0] not in other.page.content()
        for visitor in (founder, other):
            visitor.assert_content()
            visitor.close()
