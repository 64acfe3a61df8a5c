"""Forms that are refused, sessions that have ended, people who edit the same thing."""

import pytest
from playwright.sync_api import expect

from organisation import ADMIN
from people import is_in, sign_in
from steps import Steps


@pytest.fixture
def admin(organisation_visitor, signed_in):
    return organisation_visitor(storage_state=signed_in)


def edit_page(organisation, name):
    """The page that edits a new service user."""
    user = organisation.api.post("/api/users", {"name": name, "role": "Member", "purpose": "first"}).json()
    return user["id"], f"/settings/security/users/{user['id']}/edit"


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_beside_it(admin):
    admin.visit("/settings/security/users/new")
    page, steps = admin.page, Steps(admin)
    page.get_by_label("Name", exact=True).fill("!!!")
    page.get_by_label("Purpose").fill("kept words & <signs>")
    page.get_by_role("radio", name="Manager").check()
    page.get_by_role("checkbox", name="Finance").check()
    page.get_by_label("Owner").fill("nobody@nowhere.example")
    steps.press("Finish without a token")
    assert page.get_by_label("Purpose").input_value() == "kept words & <signs>"
    assert page.get_by_label("Name", exact=True).input_value() == "!!!"
    assert page.get_by_label("Owner").input_value() == "nobody@nowhere.example"
    expect(page.get_by_role("radio", name="Manager")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Finance")).to_be_checked()
    wrong = page.locator("[aria-invalid=true]")
    assert wrong.count() >= 1
    beside = page.locator("#" + wrong.first.get_attribute("aria-describedby"))
    assert beside.locator(".flaw").inner_text().strip()


def test_two_people_edit_the_same_user_and_the_second_is_told(admin, organisation):
    number, path = edit_page(organisation, "Edited Twice")
    admin.visit(path)
    admin.page.get_by_label("Purpose").fill("the second")
    organisation.api.put(f"/api/users/{number}", {"purpose": "the first"})
    Steps(admin).press("Save")
    expect(admin.page.get_by_role("alert")).to_be_visible()
    assert admin.page.get_by_label("Purpose").input_value() == "the second", "what was typed is lost"
    assert organisation.api.get(f"/api/users/{number}").json()["purpose"] == "the first"
    Steps(admin).press("Save")
    assert organisation.api.get(f"/api/users/{number}").json()["purpose"] == "the first", "told once, then overwritten"
    admin.page.get_by_role("link", name="Look at it as it is now").click()
    expect(Steps(admin).dialog.get_by_label("Purpose")).to_have_value("the first")


def test_who_was_signed_out_signs_in_and_is_back_where_they_were(organisation_visitor, organisation):
    visitor = organisation_visitor()
    path = "/settings/security/users?role=Manager&name=a"
    sign_in(visitor, ADMIN, organisation.password, path)
    is_in(visitor)
    assert visitor.path == path
    visitor.context.clear_cookies()
    sign_in(visitor, ADMIN, organisation.password, path)
    is_in(visitor)
    assert visitor.path == path


def test_a_form_of_a_session_that_has_ended_changes_nothing(organisation_visitor, organisation):
    number, path = edit_page(organisation, "Edited Too Late")
    visitor = organisation_visitor()
    sign_in(visitor, ADMIN, organisation.password, path)
    is_in(visitor)
    visitor.page.get_by_label("Purpose").fill("too late")
    visitor.context.clear_cookies()
    Steps(visitor).press("Save")
    visitor.page.wait_for_url("**/sign-in*")
    assert organisation.api.get(f"/api/users/{number}").json()["purpose"] == "first"


def test_a_wrong_password_says_nothing_about_the_account(organisation_visitor):
    visitor = organisation_visitor()
    said = []
    for email in [ADMIN, "nobody@example.com"]:
        sign_in(visitor, email, "not the password")
        expect(visitor.page.locator(".flaw").first).to_be_visible()
        said.append(visitor.page.locator(".flaw").all_inner_texts())
        assert visitor.page.get_by_label("Mail address").input_value() == email
        assert visitor.page.get_by_label("Password").input_value() == ""
    assert said[0] == said[1]


def test_a_service_user_is_told_that_it_cannot_sign_in(organisation_visitor):
    visitor = organisation_visitor()
    visitor.visit("/sign-in")
    expect(visitor.page.get_by_text("Service users do not sign in")).to_be_visible()
    visitor.page.locator("input[name=email]").evaluate("each => each.type = 'text'")
    visitor.page.get_by_label("Mail address").fill("airflow_production@service")
    visitor.page.get_by_label("Password").fill("some password of it")
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.page.locator(".flaw").first).to_be_visible()
