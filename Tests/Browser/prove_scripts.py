"""Script in every text field, stored and reflected: it is shown as it was typed, and nothing else comes of it."""

import pytest
from playwright.sync_api import expect

import hostile
from conftest import served
from people import PASSWORD, set_up, set_up_link
from prove_pages import PAGES
from visitor import Visitor


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
    "/settings/tokens/new?kind=service", "/settings/security/users/{service}/edit", "/sign-in",
    "/settings/security/users/{service}/deactivate", "/settings/security/users/{service}/tokens/new",
    "/settings/security/teams/{team}/edit", "/settings/tokens/{token}/edit", "/settings/tokens/{token}/rotate",
    "/settings/sign-in/providers/new", "/account/password", "/account/second-factor"])
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


@pytest.fixture(scope="module")
def hurtful(browser):
    """An Admin whose own name and browser are meant to hurt, in a house of their own."""
    for server in served():
        visitor = Visitor(browser, server.url, user_agent=hostile.SCRIPTS[5])
        set_up(visitor, server, name="</b><img src=x onerror=window.hurt=1 data-hurt>")
        yield visitor
        visitor.assert_content()
        visitor.close()


@pytest.mark.parametrize("path", [
    "/", "/account", "/settings/security/users", "/settings/audit", "/settings/audit?user=ada@example.com",
    "/settings/security/users/new", "her own page"])
def test_a_persons_name_and_browser_are_text(hurtful, path):
    hurtful.visit(path if path.startswith("/") else "/settings/security/users?name=img")
    if not path.startswith("/"):
        hurtful.page.locator("tbody th a").first.click()
    hostile.assert_inert(hurtful.page)
    expect(hurtful.page.locator(".whoami b").first).to_have_text("</b><img src=x onerror=window.hurt=1 data-hurt>")


def test_a_team_and_a_provider_with_such_names_are_text_on_every_form_that_offers_them(hurtful):
    page = hurtful.page
    for number, text in enumerate(hostile.SCRIPTS[:5]):
        page.goto("/settings/security/teams/new")
        page.get_by_label("Name").fill(f"{number} {text}")
        page.get_by_label("Description").fill(text)
        page.locator("main form").get_by_role("button", name="Add").click()
        page.goto("/settings/sign-in/providers/new")
        page.get_by_label("Name", exact=True).fill(f"{number} {text}")
        page.get_by_label("Issuer", exact=True).fill(f"https://id{number}.example.com")
        page.get_by_label("Client id").fill("x-hurt")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("row").filter(has_text=f"{number} {text}").first).to_be_visible()
    page.goto("/settings/sign-in")
    edit = page.locator("tbody a[href$='/edit']").first.get_attribute("href").removesuffix("/edit")
    for path in [
            "/settings/sign-in", f"{edit}/edit", f"{edit}/turn-off", f"{edit}/delete", "/settings/security/users/new",
            "/settings/security/users", "/settings/audit", "/account"]:
        hurtful.visit(path)
        hostile.assert_inert(page)


def test_the_sign_in_page_shows_the_names_of_providers_as_text(browser, hurtful):
    stranger = Visitor(browser, hurtful.url)
    stranger.visit("/sign-in")
    hostile.assert_inert(stranger.page)
    stranger.assert_content()
    stranger.close()


def test_what_a_program_calls_itself_is_text(admin):
    for text in hostile.SCRIPTS:
        asked = f"redirect_uri=http://127.0.0.1:9/c&state={'s' * 20}&hostname={hostile.quoted(text)}"
        admin.page.goto("/api/cli/authorize?" + asked)
        hostile.assert_inert(admin.page)


def test_what_is_typed_at_the_first_start_comes_back_as_text(new_visitor, server):
    """Set-up, refused over and over, with script in its fields; the link still works then."""
    visitor = new_visitor()
    link = set_up_link(server)
    for text in [hostile.EVERYTHING, hostile.SCRIPTS[4]]:
        visitor.page.goto(link)
        visitor.page.locator("main form").evaluate("each => each.noValidate = true")
        visitor.page.get_by_label("Mail address").fill(text)
        visitor.page.get_by_label("Your name").fill(text)
        visitor.page.get_by_label("Password").fill(PASSWORD)
        visitor.page.get_by_role("button", name="Make the account").click()
        expect(visitor.page.get_by_label("Mail address")).to_have_attribute("aria-invalid", "true")
        hostile.assert_inert(visitor.page)
        assert visitor.page.get_by_label("Your name").input_value() == text
