"""Every page, with a believable organisation in it: what it weighs, how it looks, and what axe says of it."""

import pytest

import hostile
import looks
from visitor import NARROW, WIDE

PAGES = {
    "home": "/",
    "account": "/account",
    "account-password": "/account/password",
    "account-second-factor": "/account/second-factor",
    "users": "/settings/security/users",
    "users-filtered": "/settings/security/users?role=Manager&name=a",
    "users-none": "/settings/security/users?name=nobody+is+called+so",
    "user-new": "/settings/security/users/new",
    "user-service": "/settings/security/users/{service}",
    "user-person": "/settings/security/users/{person}",
    "user-edit": "/settings/security/users/{service}/edit",
    "user-deactivate": "/settings/security/users/{service}/deactivate",
    "user-revoke-tokens": "/settings/security/users/{service}/revoke-tokens",
    "user-token-new": "/settings/security/users/{service}/tokens/new",
    "teams": "/settings/security/teams",
    "team": "/settings/security/teams/{team}",
    "team-public": "/settings/security/teams/{public}",
    "team-new": "/settings/security/teams/new",
    "team-edit": "/settings/security/teams/{team}/edit",
    "team-delete": "/settings/security/teams/{team}/delete",
    "tokens-personal": "/settings/tokens",
    "tokens-service": "/settings/tokens/service",
    "tokens-service-2": "/settings/tokens/service?page=2",
    "token": "/settings/tokens/{token}",
    "token-revoked": "/settings/tokens/{revoked}",
    "token-expired": "/settings/tokens/{expired}",
    "token-new": "/settings/tokens/new",
    "token-new-service": "/settings/tokens/new?kind=service",
    "token-revoke": "/settings/tokens/{token}/revoke",
    "token-restore": "/settings/tokens/{revoked}/restore",
    "token-rotate": "/settings/tokens/{token}/rotate",
    "token-delete": "/settings/tokens/{expired}/delete",
    "token-edit": "/settings/tokens/{token}/edit",
    "audit": "/settings/audit",
    "sign-in-settings": "/settings/sign-in",
    "provider-new": "/settings/sign-in/providers/new",
    "directory-sync": "/settings/directory-sync",
    "policy": "/settings/policy",
    "user-trust": "/settings/security/users/{service}/trust",
    "user-password-link": "/settings/security/users/{person}/password-link",
    "invite-page": "/settings/sign-in/invite",
    "audit-2": "/settings/audit?page=2",
    "user-gone": "/settings/security/users/{gone}",
    "user-restore": "/settings/security/users/{gone}/restore",
    "tokens-many": "/settings/tokens/many?change=revoke&id={token}&id={revoked}&id={expired}",
    "program": "/api/cli/authorize?redirect_uri=http://127.0.0.1:9/c&state=ssssssssssssssssssss&hostname=laptop",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_readable_and_fits(admin, organisation, name):
    path = PAGES[name].format(**organisation.examples)
    admin.visit(path)
    assert admin.path == path, "sent elsewhere"
    looks.look(admin.page, name)
    assert looks.weight(admin, path) <= looks.HEAVIEST_PAGE
    hostile.assert_inert(admin.page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_walked_by_keyboard(admin, organisation, name):
    """Each stop of the Tab key is seen: it has a size, a frame that shows the focus, and it isn't off the screen."""
    admin.visit(PAGES[name].format(**organisation.examples))
    stops = looks.walk(admin.page)
    assert len(stops) > 2


@pytest.fixture(scope="module")
def long_names(organisation):
    """Pages that show a user, a token and a team whose names are as long as they may be, without a place to break."""
    api, name = organisation.api, "W" * 255
    user = api.post("/api/users", {"name": name, "role": "Member", "purpose": name}).json()["id"]
    token = api.post("/api/user-tokens", {"name": name, "user_id": user, "expires_in_days": 30}).json()["id"]
    asked = {"name": name, "description": name, "permission": "Viewer", "user_ids": [user]}
    team = api.post("/api/teams", asked).json()["id"]
    users, teams = "/settings/security/users", "/settings/security/teams"
    yield [
        f"{users}?name=WWWW", f"{users}/{user}", f"{users}/{user}/edit", f"{users}/{user}/deactivate",
        "/settings/tokens/service?name=WWWW", f"/settings/tokens/{token}", f"/settings/tokens/{token}/revoke",
        f"/settings/tokens/many?change=revoke&id={token}", f"{teams}?name=WWWW", f"{teams}/{team}",
        f"{teams}/{team}/edit", f"{users}/new", "/settings/audit"]
    api.delete(f"/api/teams/{team}")
    api.delete(f"/api/users/{user}?revoke_tokens=true")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_longest_names_fit(admin, long_names, size):
    admin.page.set_viewport_size(size)
    for path in long_names:
        admin.visit(path)
        looks.assert_fits(admin.page)
