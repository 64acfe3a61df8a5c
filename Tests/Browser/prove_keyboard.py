"""The keyboard alone is enough: a service user and its first token are made without touching a mouse."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def admin(organisation_visitor, signed_in):
    return organisation_visitor(storage_state=signed_in)


def tab_to(page, locator, longest=80):
    """Presses Tab until the focus is there."""
    for _ in range(longest):
        if locator.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{longest} times Tab, and the focus is not at {locator}")


def test_the_first_stop_leads_past_the_navigation(admin):
    admin.visit("/settings/security/users")
    admin.page.keyboard.press("Tab")
    expect(admin.page.get_by_role("link", name="Skip to content")).to_be_focused()
    admin.page.keyboard.press("Enter")
    admin.page.keyboard.press("Tab")
    assert admin.page.evaluate("document.activeElement.closest('main') !== null")


def test_a_service_user_is_made_by_keyboard(admin):
    admin.visit("/settings/security/users")
    page, key = admin.page, admin.page.keyboard
    add = page.get_by_role("button", name="Add")
    tab_to(page, add)
    key.press("Enter")
    tab_to(page, page.get_by_role("link", name="Service User"))
    key.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    key.type("Made By Keyboard")
    tab_to(page, dialog.get_by_role("button", name="Next"))
    key.press("Enter")
    expect(dialog.get_by_text("Step 2 of 2")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    key.type("by-keyboard")
    key.press("Enter")
    expect(dialog.locator("#token-value")).to_be_visible()
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_focused()


def test_escape_closes_a_dialog_and_the_focus_is_back_where_it_was(admin):
    admin.visit("/settings/security/users")
    page, key = admin.page, admin.page.keyboard
    more = page.locator("tbody tr").first.get_by_role("button", name=re.compile("^Actions"))
    tab_to(page, more)
    key.press("Enter")
    tab_to(page, page.get_by_role("link", name="Edit", exact=True).locator("visible=true"))
    key.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    for _ in range(40):
        key.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside), "the focus left the dialog"
    key.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(more).to_be_focused()


def test_a_token_that_was_not_taken_is_asked_about_once(admin, organisation):
    """Closing the dialog asks; a refusal keeps it open, a yes closes it."""
    admin.visit("/settings/security/users/{service}/tokens/new".format(**organisation.examples))
    page = admin.page
    page.goto("/settings/security/users/{service}".format(**organisation.examples))
    page.get_by_role("link", name="Generate token").click()
    page.locator("dialog[open]").get_by_label("Name", exact=True).fill("asked-about")
    page.locator("dialog[open]").get_by_role("button", name="Generate").click()
    expect(page.locator("#token-value")).to_be_visible()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.keyboard.press("Escape")
    expect(page.locator("#token-value")).to_be_visible()
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.keyboard.press("Escape")
    expect(page.locator("#token-value")).to_have_count(0)
    assert len(asked) == 2 and all("cannot be shown again" in each for each in asked), asked
