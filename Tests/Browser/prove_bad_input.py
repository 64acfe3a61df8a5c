"""Forms that are refused, sessions that have ended, people who edit the same thing."""

import re

import pytest
from playwright.sync_api import expect

import looks
from organisation import ADMIN
from people import fill_in, is_in, sign_in
from steps import Steps


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


TOO_LONG = "kept & <signs> " + "x" * 255
USER, TEAM = "/settings/security/users", "/settings/security/teams"

# Address, what is typed (by label), and the label of the field that is refused.
REFUSED = {
    "user-new": (USER + "/new", {"Name": TOO_LONG, "Purpose": "kept"}, "Name"),
    "user-edit": (USER + "/{service}/edit", {"Name": "kept", "Owner": "nobody@nowhere.example"}, "Owner"),
    "user-purpose": (USER + "/{service}/edit", {"Name": "kept", "Purpose": "x" * 2001}, "Purpose"),
    "deactivate": (USER + "/{service}/deactivate", {"Type deactivate to confirm": "deactivat"},
                   "Type deactivate to confirm"),
    "users-token": (USER + "/{service}/tokens/new", {"Name": TOO_LONG}, "Name"),
    "token": ("/settings/tokens/new?kind=service", {"Service user": "nobody@service", "Name": "kept"}, "Service user"),
    "own-token": ("/settings/tokens/new?kind=personal", {"Name": TOO_LONG}, "Name"),
    "limits": ("/settings/tokens/new?kind=personal",
               {"Name": "kept", "Only from these addresses": "10.0.0.0/8, 300.1.1.1"}, "Only from these addresses"),
    "rename": ("/settings/tokens/{token}/edit", {"Name": TOO_LONG}, "Name"),
    "rotate": ("/settings/tokens/{token}/rotate", {"Name of the new one": TOO_LONG}, "Name of the new one"),
    "team-new": (TEAM + "/new", {"Name": TOO_LONG, "Description": "kept"}, "Name"),
    "team-taken": (TEAM + "/new", {"Name": "Finance", "Description": "kept"}, None),
    "team-edit": (TEAM + "/{team}/edit", {"Name": TOO_LONG, "Description": "kept"}, "Name"),
    "member": (TEAM + "/{team}", {"Mail address or user_id": "nobody@nowhere.example"}, "Mail address or user_id"),
    "resource": (TEAM + "/{team}", {"Kind": "!", "Name": "kept"}, "Kind"),
    "provider": ("/settings/sign-in/providers/new",
                 {"Name": "kept", "Issuer": "ftp://nowhere", "Client id": "kept"}, "Issuer"),
    "trust": (USER + "/{service}/trust",
              {"Name": "kept", "Issuer": "ftp://nowhere", "Subject": "kept", "Further claims": "kept = kept"},
              "Issuer"),
    "policy": ("/settings/policy", {"Who": "nobody@service", "Path": "/kept"}, "Who"),
}


def called(label):
    """A field's label, which may say that it is optional."""
    return re.compile(rf"^{re.escape(label)}( optional)?$")


@pytest.mark.parametrize("name", REFUSED)
def test_each_form_says_it_beside_the_field_and_keeps_the_rest(admin, organisation, name):
    """Sent as it is filled in, whatever the browser itself would say of it."""
    path, typed, refused = REFUSED[name]
    admin.visit(path.format(**organisation.examples))
    for limits in admin.page.locator("main form details:not([open]) > summary").all():
        limits.click()
    form = admin.page.locator("main form").filter(has=admin.page.get_by_label(called(list(typed)[0]))).first
    for label, text in typed.items():
        form.get_by_label(called(label)).fill(text)
    form.evaluate("each => each.noValidate = true")
    with admin.page.expect_response(lambda reply: reply.request.method == "POST") as replied:
        form.locator("button:not(.sr):not(.quiet)").last.click()
    assert replied.value.status in (409, 422), replied.value.status
    replied.value.finished()
    for label, text in typed.items():
        assert form.get_by_label(called(label)).input_value() == text, f"{label} is lost"
    if refused is None:
        expect(admin.page.get_by_role("alert")).to_be_visible()
        return
    field = form.get_by_label(called(refused))
    answered = f"{replied.value.status}, and at the top: {admin.page.get_by_role('alert').all_inner_texts()}"
    expect(field, answered).to_have_attribute("aria-invalid", "true")
    beside = admin.page.locator("#" + field.get_attribute("aria-describedby")).locator(".flaw")
    assert len(beside.inner_text().strip()) > 10
    looks.assert_accessible(admin.page)


def test_the_second_step_keeps_what_was_typed_in_both(admin):
    admin.visit("/settings/security/users/new")
    page, steps = admin.page, Steps(admin)
    page.get_by_label("Name", exact=True).fill("Two Steps")
    page.get_by_label("Purpose").fill("kept over both")
    steps.press("Next")
    expect(page.get_by_text("Step 2 of 2")).to_be_visible()
    page.get_by_label("Name", exact=True).fill(TOO_LONG)
    page.get_by_role("radio", name="Never").check()
    steps.press("Finish")
    assert page.get_by_label("Name", exact=True).input_value() == TOO_LONG
    expect(page.get_by_role("radio", name="Never")).to_be_checked()
    assert steps.flaw("Name")
    steps.press("Back")
    assert page.get_by_label("Purpose").input_value() == "kept over both"
    steps.press("Next")
    assert page.get_by_label("Name", exact=True).input_value() == TOO_LONG, "lost on the way back"


def test_a_refused_password_says_why_and_is_not_sent_back(admin, organisation):
    admin.visit("/account/password")
    fields = admin.page.locator("input[type=password]")
    tries = [(organisation.password, "short", 1), ("not the password", "five words and two more", 0)]
    for current, new, wrong in tries:
        fields.nth(0).fill(current)
        fields.nth(1).fill(new)
        admin.page.get_by_role("button", name="Change password").click()
        expect(fields.nth(wrong)).to_have_attribute("aria-invalid", "true")
        assert [fields.nth(0).input_value(), fields.nth(1).input_value()] == ["", ""]
        assert new not in admin.page.content() and current not in admin.page.content()


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


def test_two_people_edit_the_same_team_and_the_second_is_told(organisation_visitor, signed_in, organisation):
    """The edit form, and the small forms of the team's page."""
    api = organisation.api
    team = api.post("/api/teams", {"name": "Edited By Two", "permission": "Viewer"}).json()["id"]
    form, page = (organisation_visitor(storage_state=signed_in) for _ in range(2))
    form.visit(f"/settings/security/teams/{team}/edit")
    page.visit(f"/settings/security/teams/{team}")
    api.put(f"/api/teams/{team}", {"description": "the first"})
    form.page.get_by_label("Description").fill("the second")
    Steps(form).press("Save")
    expect(form.page.get_by_role("alert")).to_be_visible()
    assert form.page.get_by_label("Description").input_value() == "the second", "what was typed is lost"
    page.page.get_by_label("Mail address or user_id").fill("airflow_production@service")
    page.page.get_by_role("button", name="Add member").click()
    expect(page.page.get_by_role("alert")).to_be_visible()
    there = api.get(f"/api/teams/{team}").json()
    assert there["description"] == "the first" and not there["user_ids"], there


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
    fill_in(visitor, ADMIN, organisation.password)
    is_in(visitor)
    assert visitor.path == path, "not back where the person was"


def test_a_dialog_of_a_session_that_has_ended_leads_to_signing_in_and_back(organisation_visitor, organisation):
    visitor = organisation_visitor()
    sign_in(visitor, ADMIN, organisation.password, "/settings/security/teams?name=Finance")
    is_in(visitor)
    steps = Steps(visitor)
    steps.choose("Finance", "Edit")
    visitor.context.clear_cookies()
    steps.press("Save")
    visitor.page.wait_for_url("**/sign-in*")
    fill_in(visitor, ADMIN, organisation.password)
    expect(visitor.page.get_by_role("heading", name="Edit Finance")).to_be_visible()


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
