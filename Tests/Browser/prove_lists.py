"""Searching, filtering, sorting and paging: what each list says is what the API says."""

import re

import pytest
from playwright.sync_api import expect

USERS, TOKENS, TEAMS = "/settings/security/users", "/settings/tokens/service", "/settings/security/teams"


@pytest.fixture
def admin(organisation_visitor, signed_in):
    return organisation_visitor(storage_state=signed_in)


def names(page):
    """What stands in the first column, one a row."""
    return [each.strip() for each in page.locator("tbody th[scope=row] a:first-of-type").all_inner_texts()]


def every_page(page):
    """The names on all pages of the list, by way of its Next link."""
    found = names(page)
    while page.get_by_role("link", name="Next").count():
        page.get_by_role("link", name="Next").click()
        found += names(page)
    return found


def total(page):
    """How many there are on all pages, as the list says."""
    return int(re.findall(r"\d+", page.locator("nav.pages p").inner_text())[-1])


@pytest.mark.parametrize("path, listed", [(USERS, "/api/users"), (TOKENS, "/api/user-tokens/service")])
def test_paging_shows_everything_once(admin, organisation, path, listed):
    reply = organisation.api.get(listed).json()
    there = organisation.api.all(listed) if "items" in reply else reply
    wanted = sorted(each["name"] for each in there if not each.get("deleted_at"))
    admin.visit(path)
    on_first = len(names(admin.page))
    assert total(admin.page) == len(wanted) > on_first
    assert sorted(every_page(admin.page)) == wanted
    admin.page.get_by_role("link", name="Previous").click()
    assert len(names(admin.page)) == on_first


@pytest.mark.parametrize("path, sought", [(USERS, "Airflow"), (TOKENS, "production"), (TEAMS, "Data")])
def test_a_search_finds_by_name_and_stays_in_the_address(admin, path, sought):
    admin.visit(path)
    box = admin.page.get_by_role("searchbox")
    box.fill(sought.lower())
    box.press("Enter")
    expect(admin.page).to_have_url(re.compile(f"name={sought.lower()}"))
    found = names(admin.page)
    assert found and all(sought.lower() in each.lower() for each in found), found
    admin.page.reload()
    assert names(admin.page) == found
    assert admin.page.get_by_role("searchbox").input_value() == sought.lower()


def test_a_search_that_finds_nothing_says_what_to_do(admin):
    admin.visit(USERS + "?name=nobody+is+called+so")
    admin.page.get_by_role("link", name="show all users").click()
    assert names(admin.page)


@pytest.mark.parametrize("path, column, key", [
    (USERS, "Name", str.casefold), (TOKENS, "Name", str.casefold), (TEAMS, "Name", str.casefold)])
def test_a_click_on_a_column_sorts_by_it_and_another_turns_it(admin, path, column, key):
    admin.visit(path)
    shown = []
    for _ in range(2):
        admin.page.get_by_role("columnheader", name=column).get_by_role("link").click()
        direction = admin.page.get_by_role("columnheader", name=column).get_attribute("aria-sort")
        found = names(admin.page)
        assert found == sorted(found, key=key, reverse=direction == "descending"), direction
        shown.append(direction)
    assert sorted(shown) == ["ascending", "descending"]


def choose(page, **values):
    """Opens the filter panel, chooses, and shows."""
    page.get_by_role("button", name="Filter").click()
    panel = page.locator("#filters")
    for name, value in values.items():
        field = panel.locator(f"[name={name}]")
        field.check() if value is True else field.select_option(value)
    panel.get_by_role("button", name="Show").click()


def test_users_are_filtered_by_role_and_kind(admin, organisation):
    admin.visit(USERS)
    choose(admin.page, role="Manager")
    wanted = {each["name"] for each in organisation.api.all("/api/users?role=Manager") if not each["deleted_at"]}
    assert set(every_page(admin.page)) == wanted
    expect(admin.page.locator(".count")).to_have_text("1")
    admin.page.get_by_role("button", name="Filter").click()
    admin.page.get_by_role("link", name="Clear").click()
    expect(admin.page.locator(".count")).to_have_count(0)


def test_tokens_are_filtered_by_status(admin, organisation):
    admin.visit(TOKENS)
    statuses = [each["status"] for each in organisation.api.get("/api/user-tokens/service").json()]
    for status in ["revoked", "expired", "active"]:
        choose(admin.page, status=status)
        shown = admin.page.locator("tbody .badge").filter(has_text=re.compile(f"^{status.capitalize()}$")).count()
        assert shown == admin.page.locator("tbody tr").count() > 0, status
        assert total(admin.page) == statuses.count(status), status


def test_the_audit_log_is_narrowed_and_paged(admin):
    admin.visit("/settings/audit")
    before = admin.page.locator(".event").count()
    assert before > 10
    admin.page.get_by_role("button", name="Filter").click()
    admin.page.locator("#filters").get_by_label("Revoke", exact=False).first.check()
    admin.page.locator("#filters").get_by_role("button", name="Show").click()
    told = admin.page.locator(".event > p:first-child").all_inner_texts()
    assert told and all("revoked" in each for each in told), told
