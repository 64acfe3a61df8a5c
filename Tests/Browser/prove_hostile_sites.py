"""Pages of somebody else's that are open in the same browser: what they post, embed and link to comes to nothing."""

import pytest

import hostile
from organisation import ADMIN
from people import is_in, sign_in

SITES = ["url", "neighbour"]


def lure(visitor, other_site, site, page, until="load"):
    """Lures the visitor onto a page of the other site."""
    other_site.pages["/prize"] = ("text/html", page)
    visitor.page.goto(getattr(other_site, site) + "/prize", wait_until=until)


def state(organisation):
    """What must not change: who and what is there, by the API. Looking is itself a use that is noted."""
    api = organisation.api
    things = api.all("/api/users") + api.all("/api/teams") + api.get("/api/user-tokens/service").json()
    return [{name: value for name, value in thing.items() if name != "last_used"} for thing in things]


def changes(organisation):
    """Every page that changes something, with a form that would be right but for where it comes from."""
    examples = organisation.examples
    posts = {
        "/sign-out": {},
        "/theme": {"theme": "dark", "back": "/"},
        "/settings/security/users/new": {"name": "Made From Afar", "role": "Admin", "finish": "1"},
        "/settings/security/users/{service}/deactivate": {"word": "deactivate", "version": "1"},
        "/settings/security/users/{service}/edit": {"name": "Renamed From Afar", "role": "Admin", "version": "1"},
        "/settings/tokens/{token}/revoke": {"version": "1"},
        "/settings/tokens/{revoked}/restore": {"version": "1"},
        "/settings/tokens/{expired}/delete": {"version": "1"},
    }
    return {organisation.url + path.format(**examples): fields for path, fields in posts.items()}


@pytest.mark.parametrize("site", SITES)
def test_a_form_of_another_site_changes_nothing(admin, organisation, other_site, site):
    before, cookies = state(organisation), admin.cookies()
    for kind in hostile.ENCODINGS:
        for action, fields in changes(organisation).items():
            with admin.page.expect_response(action) as reply:
                lure(admin, other_site, site, hostile.form(action, fields, kind), "commit")
            assert reply.value.status in (303, 403, 404, 405, 415), f"{action}: {reply.value.status}"
            assert "sign-in" in reply.value.headers.get("location", "sign-in"), action
            admin.page.wait_for_load_state()
    assert state(organisation) == before
    assert cookies.items() <= admin.cookies().items(), "signed out, or another cookie"
    admin.visit("/settings/security/users")
    assert admin.path == "/settings/security/users"


@pytest.mark.parametrize("site", SITES)
def test_a_script_of_another_site_neither_changes_nor_reads(admin, organisation, other_site, site):
    """With the visitor's cookies, where the browser sends them along: pages by forms, the API by JSON."""
    for text in ["CORS", "Failed to load resource", organisation.url]:
        admin.forgive(text)
    before, cookies = state(organisation), admin.cookies()
    asked = {**changes(organisation), organisation.url + "/api/users": {"name": "Made From Afar", "role": "Admin"}}
    posts = [
        hostile.post(action, fields, kind, mode) for action, fields in asked.items()
        for kind in [*hostile.ENCODINGS, "application/json", None] for mode in ["no-cors", "cors"]]
    reads = [
        hostile.read(organisation.url + path)
        for path in ["/settings/security/users", "/api/users/me", "/account", "/sign-in", "/assets/console.js"]]
    lure(admin, other_site, site, hostile.script(posts + reads))
    admin.page.wait_for_function("window.outcomes")
    read = [each for each in admin.page.evaluate("window.outcomes") if each["read"]]
    assert not read, read
    assert state(organisation) == before
    assert cookies.items() <= admin.cookies().items(), "signed out, or another cookie"


@pytest.mark.parametrize("site", SITES)
def test_no_page_is_shown_in_a_frame(admin, organisation, other_site, site):
    for text in ["frame-ancestors", "Failed to load resource", "X-Frame-Options", "sync-xhr"]:
        admin.forgive(text)
    addresses = [organisation.url + path for path in ["/settings/security/users", "/sign-in", "/not-there"]]
    elements = ["<iframe src='{}'></iframe>", "<object data='{}'></object>", "<embed src='{}'>"]
    framed = "".join(element.format(address) for address in addresses for element in elements)
    lure(admin, other_site, site, f"<!doctype html><title>x</title>{framed}")
    shown = [frame.url for frame in admin.page.frames if frame.url.startswith(organisation.url)]
    assert not shown, shown
    assert len(admin.page.frames) > len(addresses), "nothing was embedded at all"


@pytest.mark.parametrize("site", SITES)
def test_a_window_that_was_opened_from_afar_is_out_of_reach(admin, organisation, other_site, site):
    """Cross-Origin-Opener-Policy: the opener can't tell where the window is, nor send it elsewhere later."""
    opened = f"window.opened = window.open('{organisation.url}/settings/security/users')"
    lure(admin, other_site, site, f"<!doctype html><title>x</title><button onclick=\"{opened}\">x</button>")
    with admin.context.expect_page() as popup:
        admin.page.get_by_role("button").click()
    popup.value.wait_for_load_state()
    admin.page.wait_for_function("window.opened.closed")
    popup.value.close()


def test_signing_in_leads_nowhere_else(organisation_visitor, organisation, signed_in):
    visitor = organisation_visitor(storage_state=signed_in)
    for elsewhere in hostile.ELSEWHERE:
        visitor.page.goto("/sign-in?return_to=" + hostile.quoted(elsewhere))
        assert visitor.page.url.startswith(organisation.url + "/"), f"{elsewhere!r} → {visitor.page.url}"
        hostile.assert_inert(visitor.page)


@pytest.mark.parametrize("elsewhere", ["//evil.test/", "/\\evil.test/"])
def test_neither_does_the_form(organisation_visitor, organisation, elsewhere):
    visitor = organisation_visitor()
    sign_in(visitor, ADMIN, organisation.password, "/sign-in?return_to=" + hostile.quoted(elsewhere))
    is_in(visitor)
    assert visitor.page.url.startswith(organisation.url + "/"), visitor.page.url
    hostile.assert_inert(visitor.page)


def test_a_page_to_go_back_to_is_one_of_ours(admin, organisation):
    """The links of pages that know where somebody came from."""
    path = f"/settings/tokens/many?change=revoke&id={organisation.examples['token']}&back="
    for elsewhere in hostile.ELSEWHERE:
        admin.page.goto(path + hostile.quoted(elsewhere))
        hostile.assert_inert(admin.page)
        leads = admin.page.get_by_role("link", name="Cancel").evaluate("each => new URL(each.href).origin")
        assert leads == organisation.url, elsewhere


def test_the_choice_of_colours_leads_back_to_a_page_of_ours(admin, organisation):
    for elsewhere in hostile.ELSEWHERE[:4]:
        admin.page.goto("/account")
        admin.page.locator("form.theme [name=back]").evaluate_all(
            "(all, elsewhere) => all.forEach(each => each.value = elsewhere)", elsewhere)
        admin.page.get_by_role("button", name="As the system").locator("visible=true").click()
        admin.page.wait_for_load_state()
        assert admin.page.url.startswith(organisation.url + "/"), f"{elsewhere!r} → {admin.page.url}"
