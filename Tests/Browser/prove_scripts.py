"""Script in every text field, stored and reflected: it is shown as it was typed, and nothing else comes of it."""

import pytest

import hostile
from prove_pages import PAGES


@pytest.fixture
def admin(organisation_visitor, signed_in):
    return organisation_visitor(storage_state=signed_in)


@pytest.fixture(scope="module")
def poisoned(organisation):
    """Everything that a caller of the API can name, named with harm in mind; the numbers of what it made."""
    api, made = organisation.api, {}
    users = []
    for number, text in enumerate(hostile.SCRIPTS):
        name = f"X{number} {text}"
        asked = {"name": name, "role": "Member", "purpose": text}
        reply = api.post("/api/users", asked, want=None)
        if reply.status_code != 201:
            reply = api.post("/api/users", {"name": f"X{number}", "role": "Member", "purpose": text}, want=None)
        if reply.status_code == 201:
            users.append(reply.json())
            token = {"name": name[:60], "user_id": users[-1]["id"], "expires_in_days": 30}
            issued = api.post("/api/user-tokens", token, want=None)
            if issued.status_code == 201:
                harmful = {"User-Agent": text.encode("ascii", "replace").decode()}
                organisation.server.client(issued.json()["bearer_token"]).get("/api/users/me", headers=harmful)
                made["token"] = issued.json()["id"]
        team = api.post("/api/teams", {"name": name[:60], "description": text, "permission": "Viewer"}, want=None)
        if team.status_code == 201:
            made["team"] = team.json()["id"]
    assert len(users) >= len(hostile.SCRIPTS) - 2, "too much was refused to prove anything"  # bidirectional marks are
    return {**organisation.examples, **made, "service": users[0]["id"], "users": users}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_stored_is_shown_as_text(admin, poisoned, name):
    reply = admin.page.goto(PAGES[name].format(**poisoned))
    assert reply.status < 500, reply.status
    hostile.assert_inert(admin.page)


def test_every_user_of_them_is_shown_as_text(admin, poisoned):
    for user in poisoned["users"]:
        admin.visit(f"/settings/security/users/{user['id']}")
        hostile.assert_inert(admin.page)
        assert admin.page.locator("h1").inner_text().split() == user["name"].split()


PARAMETERS = [
    "name", "role", "type", "team", "status", "sort", "sort_dir", "page", "user", "kind", "back", "return_to",
    "timeframe", "start", "end", "object", "actions", "address", "code", "value", "id", "change",
]


@pytest.mark.parametrize("path", [
    "/settings/security/users", "/settings/security/teams", "/settings/tokens", "/settings/tokens/service",
    "/settings/tokens/new", "/settings/tokens/many", "/settings/audit", "/sign-in", "/not-there",
    "/settings/security/users/new/handle", "/settings/security/users/people"])
def test_what_an_address_says_is_shown_as_text(admin, path):
    admin.forgive("/favicon.ico")  # which the browser looks for when it shows a fragment as if it were a page
    queries = [{name: text for name in PARAMETERS} for text in hostile.SCRIPTS[1:6]]
    for asked in [*queries, {"name": hostile.EVERYTHING}, {"return_to": hostile.EVERYTHING}]:
        query = "&".join(f"{name}={hostile.quoted(text)}" for name, text in asked.items())
        reply = admin.page.goto(f"{path}?{query}")
        assert reply.status < 500, f"{path}: {reply.status}"
        hostile.assert_inert(admin.page)


@pytest.mark.parametrize("path", [
    "/settings/security/users/new", "/settings/security/teams/new", "/settings/tokens/new",
    "/settings/tokens/new?kind=service", "/settings/security/users/{service}/edit", "/sign-in"])
def test_what_a_refused_form_gives_back_is_text(admin, organisation, path):
    """Everything into every field, whatever the browser thinks of it; what comes back is the same text."""
    if path == "/sign-in":
        admin.context.clear_cookies()
    for text in [hostile.EVERYTHING, hostile.SCRIPTS[4], hostile.SCRIPTS[8]]:
        admin.visit(path.format(**organisation.examples))
        form = admin.page.locator("main form").first
        form.evaluate("""(form, text) => {
            form.noValidate = true;
            for (const field of form.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox]), textarea')) {
                if (!field.readOnly) { field.type = field.type === 'password' ? 'password' : 'text'; field.value = text; }
            }
        }""", text)
        with admin.page.expect_navigation():
            form.locator("button:not([formnovalidate])").last.click()
        hostile.assert_inert(admin.page)
