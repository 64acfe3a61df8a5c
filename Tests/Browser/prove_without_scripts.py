"""Without JavaScript: signing in, finding, teams, many tokens at once (and the whole story, prove_story.py)."""

import re

import pytest
from playwright.sync_api import expect

from organisation import ADMIN
from people import is_in, sign_in
from steps import Steps


@pytest.fixture
def plain(organisation_visitor, signed_in):
    """The Admin, whose browser runs no scripts."""
    return organisation_visitor(storage_state=signed_in, java_script_enabled=False)


def test_signing_in_and_out(organisation_visitor, organisation):
    visitor = organisation_visitor(java_script_enabled=False)
    sign_in(visitor, ADMIN, organisation.password, "/settings/audit")
    is_in(visitor)
    assert visitor.path == "/settings/audit"
    Steps(visitor).sign_out()
    visitor.page.goto("/settings/audit")
    assert visitor.path.startswith("/sign-in")


def test_searching_filtering_sorting_and_paging(plain):
    plain.visit("/settings/security/users")
    page = plain.page
    page.get_by_role("button", name="Filter").click()
    panel = page.locator("#filters")
    panel.get_by_label("Role").select_option("Manager")
    panel.get_by_label("Only service users").check()
    panel.get_by_role("button", name="Show").click()
    expect(page.locator(".count")).to_have_text("2")
    page.get_by_role("searchbox").fill("air")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile("role=Manager"))
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page.locator("tbody tr").first).to_contain_text("Airflow Staging")
    plain.visit("/settings/security/users")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()


def test_the_audit_log_is_narrowed(plain):
    plain.visit("/settings/audit")
    plain.page.get_by_role("button", name="Filter").click()
    plain.page.locator("#filters").get_by_label("User", exact=False).first.fill(ADMIN)
    plain.page.locator("#filters").get_by_role("button", name="Show").click()
    actors = plain.page.locator(".event > p:first-child").all_inner_texts()
    assert actors and all(each.startswith("Ada Okafor") for each in actors), actors


def test_a_team_is_made_filled_and_deleted(plain):
    plain.visit("/settings/security/teams")
    page, steps = plain.page, Steps(plain)
    page.get_by_role("link", name="Add Team").click()
    steps.dialog.get_by_label("Name").fill("Without Scripts")
    steps.dialog.get_by_role("radio", name=re.compile("^Author")).check()
    steps.press("Add")
    steps.told("Team successfully created")
    page.get_by_label("Mail address or user_id").fill("airflow_production@service")
    page.get_by_role("button", name="Add member").click()
    expect(page.locator(".members").first).to_contain_text("Airflow Production")
    page.get_by_role("button", name="Remove Airflow Production from the team").click()
    expect(page.locator(".members").first).not_to_contain_text("Airflow Production")
    page.get_by_role("link", name="Delete").click()
    steps.press("Delete")
    page.goto("/settings/security/teams?name=Without")
    expect(page.get_by_text("No team matches")).to_be_visible()


def test_many_tokens_at_once(plain, organisation):
    """Chosen by their boxes, changed after a page that says what would happen."""
    user = organisation.api.post("/api/users", {"name": "Many Without Scripts", "role": "Member"}).json()
    for name in ["one", "two"]:
        organisation.api.post("/api/user-tokens", {"name": name, "user_id": user["id"], "expires_in_days": 30})
    plain.visit(f"/settings/tokens/service?user={user['user_id']}")
    page, steps = plain.page, Steps(plain)
    for name in ["one", "two"]:
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.locator("#many").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("Nothing has been changed yet")).to_be_visible()
    steps.press("Revoke 2 tokens")
    expect(page.locator("tbody .badge").filter(has_text="Revoked")).to_have_count(2)


def test_the_colours_are_chosen(plain):
    plain.visit("/account")
    plain.page.get_by_role("button", name="Dark").locator("visible=true").click()
    expect(plain.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert plain.path == "/account"
    plain.page.get_by_role("button", name="As the system").locator("visible=true").click()
    expect(plain.page.locator("html")).to_have_attribute("data-theme", "system")
