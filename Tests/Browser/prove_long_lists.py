"""Lists that are longer than a page in a house of their own: teams, one's own tokens, invitations, a team's members."""

import re

import pytest
from playwright.sync_api import expect

from conftest import served
from people import set_up
from prove_lists import TEAMS, OWN_TOKENS, every_page, names
from visitor import Visitor

COUNT = 28


def send(visitor, path, **typed):
    """A form as its page would send it, without showing either."""
    asks = visitor.context.request
    token = re.search(r'name="form_token" value="([^"]+)"', asks.get(path).text()).group(1)
    reply = asks.post(path, form={"form_token": token, **typed}, headers={"Origin": visitor.url})
    assert reply.ok, f"{path}: {reply.status} {reply.text()[:500]}"


@pytest.fixture(scope="module")
def founder(browser):
    """The first Admin of a house with many of everything."""
    for server in served():
        visitor = Visitor(browser, server.url)
        set_up(visitor, server)
        api = server.client(server.bootstrap("rescue@example.com", "--break-glass"))
        users = [api.post("/api/users", {"name": f"Robot {number:02}", "role": "Member"}).json()["id"]
                 for number in range(COUNT)]
        visitor.team = api.post("/api/teams", {"name": "Robots", "permission": "Viewer", "user_ids": users}).json()["id"]
        for number in range(COUNT):
            api.post("/api/teams", {"name": f"Team {number:02}", "permission": "Viewer"})
            send(visitor, "/settings/tokens/new?kind=personal", kind="personal", name=f"Own {number:02}",
                 expires_in_days="30")
            send(visitor, "/settings/sign-in/invite", email=f"guest{number}@example.com", name=f"Guest {number:02}",
                 role="Member")
        yield visitor
        visitor.assert_content()
        visitor.close()


def made(word):
    return [f"{word} {number:02}" for number in range(COUNT)]


def test_teams_are_paged_in_order(founder):
    founder.visit(TEAMS)
    assert every_page(founder.page) == ["Public", "Robots", *made("Team")]


def test_ones_own_tokens_are_paged_newest_first(founder):
    founder.visit(OWN_TOKENS)
    assert every_page(founder.page) == made("Own")[::-1]


def test_invitations_are_paged(founder):
    founder.visit("/settings/sign-in")
    rows, seen = founder.page.get_by_role("region", name="Open invitations").locator("tbody th b"), []
    seen += rows.all_inner_texts()
    founder.page.get_by_role("link", name="Next").click()
    assert founder.path == "/settings/sign-in?page=2"
    seen += rows.all_inner_texts()
    assert sorted(seen) == made("Guest") and rows.count() == COUNT - 25
    founder.page.get_by_role("link", name="Previous").click()
    expect(rows).to_have_count(25)


def test_the_members_of_a_team_are_searched(founder):
    founder.visit(f"{TEAMS}/{founder.team}")
    box = founder.page.get_by_role("searchbox", name="Search members")
    box.fill("robot 1")
    box.press("Enter")
    expect(founder.page.get_by_role("searchbox")).to_have_value("robot 1")
    assert names(founder.page) == [f"Robot 1{number}" for number in range(10)]
    founder.page.get_by_role("button", name="Filter").click()
    expect(founder.page.locator("#filters").get_by_label("Team")).to_have_value("Robots")
