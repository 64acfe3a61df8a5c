"""Pages that say no: what happened, what to do, and nothing changed; looked at like all others."""

import re

import pytest
from playwright.sync_api import expect

import looks
from organisation import ADMIN, MANAGER
from people import fill_in, is_in, sign_in
from steps import Steps
from visitor import Visitor


@pytest.fixture(scope="module")
def managers_cookies(browser, organisation):
    visitor = Visitor(browser, organisation.url)
    sign_in(visitor, MANAGER, organisation.password)
    is_in(visitor)
    cookies = visitor.context.storage_state()
    visitor.close()
    return cookies


@pytest.fixture
def manager(organisation_visitor, managers_cookies):
    return organisation_visitor(storage_state=managers_cookies)


@pytest.mark.parametrize("path", [
    "/settings/audit", "/settings/tokens/service", "/settings/security/users/new", "/settings/sign-in",
    "/settings/directory-sync", "/settings/security/users/{service}/edit", "/settings/security/teams/new"])
def test_what_a_manager_may_not_is_refused_in_words(manager, organisation, path):
    manager.visit(path.format(**organisation.examples), want=403)
    expect(manager.page.get_by_role("heading", name="You may not do this")).to_be_visible()


def test_a_manager_sees_what_he_may_and_no_more(manager):
    manager.visit("/settings/security/users")
    navigation = manager.page.get_by_role("navigation", name="Console").locator("visible=true")
    shown = navigation.get_by_role("link").all_inner_texts()
    assert "Audit" not in shown and "Sign-in" not in shown and "Users" in shown, shown
    expect(manager.page.get_by_role("button", name="Add")).to_have_count(0)
    expect(manager.page.get_by_role("button", name=re.compile("^Actions"))).to_have_count(0)
    looks.look(manager.page, "users-of-a-manager")
    manager.visit("/")
    looks.glance(manager.page, "home-of-a-manager")
    manager.visit("/settings/audit", want=403)
    looks.look(manager.page, "forbidden")


@pytest.mark.parametrize("path", [
    "/settings/security/users/987654321", "/settings/security/teams/987654321", "/settings/tokens/987654321",
    "/settings/security/users/abc", "/settings/not-there"])
def test_what_is_not_there_is_said_not_to_be(admin, path):
    admin.visit(path, want=404)
    expect(admin.page.get_by_role("heading", name=re.compile("^There is no such"))).to_be_visible()
    expect(admin.page.get_by_role("link", name="To the start page")).to_be_visible()


def test_a_page_of_nothing_is_looked_at(admin):
    admin.visit("/settings/security/users/987654321", want=404)
    looks.look(admin.page, "no-such-user")


def test_a_form_of_an_older_page_changes_nothing_and_says_so(admin, organisation):
    user = organisation.api.post("/api/users", {"name": "Old Form", "role": "Member", "purpose": "first"}).json()
    admin.visit(f"/settings/security/users/{user['id']}/edit")
    admin.page.get_by_label("Purpose").fill("second")
    admin.page.locator("main [name=form_token]").evaluate("each => each.value = 'of yesterday'")
    Steps(admin).press("Save")
    expect(admin.page.get_by_role("heading", name="This form is too old, or was not sent from here")).to_be_visible()
    looks.glance(admin.page, "old-form")
    assert organisation.api.get(f"/api/users/{user['id']}").json()["purpose"] == "first"


def test_signing_in_refused_is_looked_at(organisation_visitor):
    visitor = organisation_visitor()
    sign_in(visitor, ADMIN, "not the password")
    expect(visitor.page.locator(".flaw").first).to_be_visible()
    looks.look(visitor.page, "sign-in-refused")


def test_a_link_for_a_password_opens_once(organisation_visitor, organisation):
    """Made at the machine, by `latchkey admin password-link`."""
    server = organisation.server
    done = server.run(
        "admin", "password-link", "--email", "mei.tanaka@example.com", "--public-url", server.url, *server.storage)
    assert done.returncode == 0, done.stderr
    link = re.search(r"http[^\s\"]+/new-password\?code=[^\s\"]+", done.stdout).group()
    visitor = organisation_visitor()
    visitor.page.goto(link)
    visitor.page.get_by_label("New password").fill("short")
    visitor.page.get_by_role("button", name="Save and sign in").click()
    expect(visitor.page.get_by_label("New password")).to_have_attribute("aria-invalid", "true")
    looks.glance(visitor.page, "new-password-refused")
    visitor.page.get_by_label("New password").fill("quite another thing to say")
    visitor.page.get_by_role("button", name="Save and sign in").click()
    is_in(visitor)
    visitor.context.clear_cookies()
    visitor.page.goto(link)
    expect(visitor.page.locator("form[action='/new-password']")).to_have_count(0)
    looks.glance(visitor.page, "new-password-used")
    visitor.page.goto("/sign-in")
    fill_in(visitor, "mei.tanaka@example.com", "quite another thing to say")
    is_in(visitor)
