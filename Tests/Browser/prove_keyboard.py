"""The keyboard alone is enough: from the sign-in page to a token's end without touching a mouse."""

import re

from playwright.sync_api import expect

from organisation import ADMIN
from steps import Steps

USERS = "/settings/security/users"
FOCUS = "[document.activeElement.localName, document.activeElement.innerText].join(' ')"


def tab_to(page, locator, longest=120):
    """Presses Tab until the focus is there."""
    for _ in range(longest):
        if locator.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{longest} times Tab, and the focus is not at {locator} but {page.evaluate(FOCUS)}")


def press(page, locator, key="Enter"):
    """Goes there by Tab and presses a key."""
    tab_to(page, locator)
    page.keyboard.press(key)


def more(page, row):
    return page.get_by_role("row").filter(has_text=row).get_by_role("button", name=re.compile("^Actions"))


def choose(page, row, item):
    """From a row's menu, by its keys."""
    press(page, more(page, row))
    press(page, page.get_by_role("link", name=item, exact=True).locator("visible=true"))
    expect(page.locator("dialog[open]")).to_be_visible()


def test_from_signing_in_to_a_tokens_end(organisation_visitor, organisation):
    visitor = organisation_visitor(permissions=["clipboard-read", "clipboard-write"])
    page, key, steps = visitor.page, visitor.page.keyboard, Steps(visitor)
    visitor.visit(USERS)
    tab_to(page, page.get_by_label("Mail address"))
    key.type(ADMIN)
    tab_to(page, page.get_by_label("Password"))
    key.type(organisation.password)
    key.press("Enter")
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    token = make(page, key)
    use(organisation, token)
    end(page, steps)


def make(page, key):
    """Add → Service User → both steps → the token, copied."""
    press(page, page.get_by_role("button", name="Add"))
    press(page, page.get_by_role("link", name="Service User"))
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    key.type("Made By Keyboard")
    tab_to(page, dialog.get_by_role("radio", name=re.compile("^Member")))
    key.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=re.compile("^Editor"))).to_be_checked()
    press(page, dialog.get_by_role("checkbox", name="Finance"), "Space")
    press(page, dialog.get_by_role("button", name="Next"))
    expect(dialog.get_by_text("Step 2 of 2")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    key.type("by-keyboard")
    key.press("Enter")
    expect(dialog.locator("#token-value")).to_be_visible()
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_focused()
    key.press("Enter")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('ey'))")
    token = page.evaluate("navigator.clipboard.readText()")
    press(page, dialog.get_by_role("link", name="Done"))
    expect(page.locator("dialog[open]")).to_have_count(0)
    return token


def use(organisation, token):
    me = organisation.server.client(token).get("/api/users/me").json()
    assert (me["user_id"], me["role"]) == ("made_by_keyboard@service", "Editor")


def end(page, steps):
    """Revoke → restore → revoke → delete, from the menu of the row."""
    page.goto("/settings/tokens/service?user=made_by_keyboard@service")
    for item, told in [("Revoke", "revoked"), ("Restore", "restored"), ("Revoke", "revoked"), ("Delete", "deleted")]:
        choose(page, "by-keyboard", item)
        press(page, page.locator("dialog[open]").get_by_role("button", name=item, exact=True))
        steps.told(f"User token successfully {told}")


def test_the_first_stop_leads_past_the_navigation(admin):
    admin.visit(USERS)
    admin.page.keyboard.press("Tab")
    expect(admin.page.get_by_role("link", name="Skip to content")).to_be_focused()
    admin.page.keyboard.press("Enter")
    admin.page.keyboard.press("Tab")
    assert admin.page.evaluate("document.activeElement.closest('main') !== null")


def test_escape_closes_a_menu_and_the_focus_is_back_at_its_button(admin):
    admin.visit(USERS)
    button = admin.page.locator("tbody tr").first.get_by_role("button", name=re.compile("^Actions"))
    press(admin.page, button)
    expect(admin.page.locator(".menu:popover-open")).to_be_visible()
    admin.page.keyboard.press("Tab")
    assert admin.page.evaluate("document.activeElement.closest('.menu') !== null"), "the menu is not the next stop"
    admin.page.keyboard.press("Escape")
    expect(admin.page.locator(".menu:popover-open")).to_have_count(0)
    expect(button).to_be_focused()


def test_escape_closes_the_filters_and_enter_shows(admin):
    admin.visit(USERS)
    page, button = admin.page, admin.page.get_by_role("button", name="Filter")
    press(page, button)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#filters [name=role]"))
    page.keyboard.type("Manager")
    press(page, page.locator("#filters").get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile("role=Manager"))


def test_escape_closes_a_dialog_and_the_focus_is_back_where_it_was(admin):
    admin.visit(USERS)
    page, key = admin.page, admin.page.keyboard
    button = page.locator("tbody tr").first.get_by_role("button", name=re.compile("^Actions"))
    press(page, button)
    press(page, page.get_by_role("link", name="Edit", exact=True).locator("visible=true"))
    expect(page.locator("dialog[open]")).to_be_visible()
    for way in ["Tab", "Shift+Tab"]:
        for _ in range(30):
            key.press(way)
            inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
            assert page.evaluate(inside), "the focus left the dialog"
    key.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_token_that_was_not_taken_is_asked_about_once(admin, organisation):
    """Closing the dialog asks; a refusal keeps it open, a yes closes it."""
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
