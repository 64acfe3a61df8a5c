"""What opens above a page (dialogs, menus, panels, the drawer, a toast), looked at where it stands."""

import re

import pytest
from playwright.sync_api import expect

import looks
from steps import Steps
from visitor import NARROW, WIDE

USERS, TOKENS, TEAMS = "/settings/security/users", "/settings/tokens/service", "/settings/security/teams"

# Name → list, and the words that are pressed one after another.
FROM_LISTS = {
    "add-service-user": (USERS, ["Add", "Service User"]),
    "add-team": (TEAMS, ["Add Team"]),
    "generate-token": (TOKENS, ["Generate Token"]),
}
# Name → list, text of the row, item of its menu.
FROM_ROWS = {
    "edit-user": (USERS + "?name=Airflow", "airflow_production@service", "Edit"),
    "generate-for-user": (USERS + "?name=Airflow", "airflow_production@service", "Generate token"),
    "deactivate-user": (USERS + "?name=Airflow", "airflow_production@service", "Deactivate"),
    "revoke-all": (USERS + "?name=Airflow", "airflow_production@service", "Revoke all tokens"),
    "revoke-token": (TOKENS + "?status=active", "Active", "Revoke"),
    "rotate-token": (TOKENS + "?status=active", "Active", "Rotate"),
    "rename-token": (TOKENS + "?status=active", "Active", "Rename"),
    "restore-token": (TOKENS + "?status=revoked", "Revoked", "Restore"),
    "delete-token": (TOKENS + "?status=expired", "Expired", "Delete"),
    "edit-team": (TEAMS, "Data Engineering", "Edit"),
    "delete-team": (TEAMS, "Data Engineering", "Delete"),
}


def assert_opened(admin, name):
    expect(admin.page.locator("dialog[open] h1")).to_be_visible()
    looks.glance(admin.page, f"dialog {name}")
    admin.page.keyboard.press("Escape")
    expect(admin.page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize("name", FROM_LISTS)
def test_a_dialog_over_a_list(admin, name):
    path, words = FROM_LISTS[name]
    admin.visit(path)
    for word in words:
        admin.page.locator("main").locator("a, button").filter(has_text=re.compile(rf"^\s*{word}\s*$")).first.click()
    assert_opened(admin, name)


@pytest.mark.parametrize("name", FROM_ROWS)
def test_a_dialog_from_a_row(admin, name):
    path, row, item = FROM_ROWS[name]
    admin.visit(path)
    steps = Steps(admin)
    steps.choose(row, item)
    assert_opened(admin, name)


def test_the_check_of_directory_sync(admin):
    admin.visit("/settings/directory-sync")
    admin.page.get_by_role("button", name="Check").click()
    expect(admin.page.get_by_role("heading", name="Check of directory sync")).to_be_visible()
    looks.glance(admin.page, "directory-sync-check")


def open_look(page, name, opener, opened, size):
    """Opens it in light and again in dark: what floats closes when the window changes its size."""
    page.set_viewport_size(size)
    for scheme in looks.SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.locator(opener).locator("visible=true").first.click()
        expect(page.locator(opened).locator("visible=true").first).to_be_visible()
        looks.keep(page, name, scheme, size["width"])
        looks.assert_accessible(page)
        looks.assert_fits(page)
        page.reload()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name, path, opener, opened", [
    ("row-menu", USERS, "tbody .more", ".menu:popover-open"),
    ("add-menu", USERS, "button[popovertarget=add]", ".menu:popover-open"),
    ("user-filters", USERS, "button[popovertarget=filters]", ".panel:popover-open"),
    ("token-filters", TOKENS, "button[popovertarget=filters]", ".panel:popover-open"),
    ("audit-filters", "/settings/audit", "button[popovertarget=filters]", ".panel:popover-open"),
])
def test_what_floats_above_a_page(admin, size, name, path, opener, opened):
    admin.visit(path)
    open_look(admin.page, name, opener, opened, size)


def test_filters_that_are_higher_than_the_window_are_reached(admin):
    admin.page.set_viewport_size({"width": 1280, "height": 520})
    admin.visit("/settings/audit")
    admin.page.get_by_role("button", name="Filter").click()
    panel = admin.page.locator("#filters")
    expect(panel.get_by_role("button", name="Show")).to_be_in_viewport(ratio=1)
    panel.get_by_role("checkbox").last.check()
    expect(panel.get_by_role("button", name="Show")).to_be_in_viewport(ratio=1)


def test_the_drawer_of_a_small_screen(admin):
    admin.visit(USERS)
    open_look(admin.page, "drawer", ".drawer > summary", ".drawer nav", NARROW)
    admin.page.locator(".drawer > summary").click()
    admin.page.locator(".drawer").get_by_role("link", name="Teams").click()
    expect(admin.page).to_have_url(re.compile(TEAMS))


def test_both_steps_the_token_once_and_the_toast(admin):
    admin.visit(USERS)
    page, steps = admin.page, Steps(admin)
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Service User").click()
    steps.dialog.get_by_label("Name", exact=True).fill("Looked At")
    expect(steps.dialog.locator(".handle")).to_have_text("looked_at@service")
    looks.glance(page, "wizard 1")
    steps.press("Next")
    expect(steps.dialog.get_by_text("Step 2 of 2")).to_be_visible()
    steps.dialog.get_by_label("Name", exact=True).fill("looked-at")
    steps.dialog.get_by_role("radio", name="Never").check()
    looks.glance(page, "wizard 2")
    steps.press("Finish")
    steps.token_shown()
    looks.glance(page, "token once")
    page.once("dialog", lambda asked: asked.accept())
    steps.done()
    page.goto(USERS + "?name=Looked")
    steps.choose("looked_at@service", "Deactivate")
    steps.dialog.get_by_role("textbox").fill("wrong word")
    steps.press("Deactivate")
    expect(steps.dialog.locator("[aria-invalid=true]")).to_be_focused()
    looks.glance(page, "dialog with a flaw")
    steps.dialog.get_by_role("textbox").fill("deactivate")
    steps.press("Deactivate")
    expect(page.locator(".toast")).to_be_visible()
    looks.glance(page, "toast")
