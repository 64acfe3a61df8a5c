"""Searching, filtering, sorting and paging: what each list says is what the API says."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

USERS, TOKENS, TEAMS = "/settings/security/users", "/settings/tokens/service", "/settings/security/teams"
OWN_TOKENS = "/settings/tokens"


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


RANKS = ["Member", "Editor", "Manager", "Admin"]


def ranked(role):
    return RANKS.index(role)


def column(page, label):
    """What stands in a column, one a row; a time as its moment."""
    cells = "th[scope=row] a:first-of-type" if label == "Name" else f"td[data-label='{label}']"
    return page.locator("tbody " + cells).evaluate_all(
        "all => all.map(each => each.querySelector('time')?.dateTime ?? each.textContent.trim())")


@pytest.mark.parametrize("path, label, key", [
    (USERS, "Name", str.casefold), (USERS, "Type", str), (USERS, "Role", ranked), (USERS, "Created", str),
    (TOKENS, "Name", str.casefold), (TOKENS, "Created", str), (TOKENS, "Expires", str), (TOKENS, "Last used", str),
    (TEAMS, "Name", str.casefold), (TEAMS, "Created", str)])
def test_a_click_on_a_column_sorts_by_it_and_another_turns_it(admin, path, label, key):
    admin.visit(path)
    shown = []
    for _ in range(2):
        admin.page.get_by_role("columnheader", name=label).get_by_role("link").click()
        direction = admin.page.get_by_role("columnheader", name=label).get_attribute("aria-sort")
        # What never expires or was never used has no place of its own among times.
        found = [each for each in column(admin.page, label) if each not in ("Never", "Not Used")]
        assert found == sorted(found, key=key, reverse=direction == "descending"), direction
        shown.append(direction)
    assert sorted(shown) == ["ascending", "descending"]


def test_users_are_sorted_by_how_many_teams_they_are_in(admin, organisation):
    teams = {each["name"]: len(each["teams"]) for each in organisation.api.all("/api/users")}
    admin.visit(USERS)
    for direction in ["ascending", "descending"]:
        heading = admin.page.get_by_role("columnheader", name="Teams")
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", direction)
        found = [teams[name] for name in every_page(admin.page)]
        assert len(set(found)) > 2 and found == sorted(found, reverse=direction == "descending"), direction


def choose(page, **values):
    """Opens the filter panel, chooses, and shows."""
    page.get_by_role("button", name="Filter").click()
    panel = page.locator("#filters")
    for name, value in values.items():
        field = panel.locator(f"[name={name}]")
        if value is True:
            field.check()
        elif field.evaluate("each => each.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
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


def test_users_are_filtered_by_team_and_the_deactivated_are_shown(admin, organisation):
    everybody = organisation.api.all("/api/users?include_deleted=true")
    admin.visit(USERS)
    choose(admin.page, team="Governance", service=True)
    wanted = {each["name"] for each in everybody
              if "Governance" in each["teams"] and each["user_type"] == "Service" and not each["deleted_at"]}
    assert set(every_page(admin.page)) == wanted
    expect(admin.page.locator(".count")).to_have_text("2")
    admin.visit(USERS)
    choose(admin.page, deactivated=True)
    assert total(admin.page) == len(everybody)
    gone = [each["name"] for each in everybody if each["deleted_at"]]
    admin.visit(f"{USERS}?deactivated=true&name={gone[0]}")
    expect(admin.page.locator("tbody tr").first).to_contain_text("Deactivated")


def test_tokens_are_filtered_by_their_user_and_kind(admin, organisation):
    tokens = organisation.api.get("/api/user-tokens/service").json()
    admin.visit(TOKENS)
    handle = tokens[0]["user"]["user_id"]
    choose(admin.page, user=handle)
    assert sorted(every_page(admin.page)) == sorted(
        each["name"] for each in tokens if each["user"]["user_id"] == handle)
    admin.visit(TOKENS)
    choose(admin.page, scim=True)
    expect(admin.page.locator("tbody .badge").filter(has_text="SCIM")).to_have_count(
        admin.page.locator("tbody tr").count())
    admin.visit(TOKENS + "?user=nobody@service")
    admin.page.get_by_role("link", name="show all").click()
    assert names(admin.page)


def test_ones_own_tokens_are_sought_filtered_and_sorted(admin):
    for name in ["zebra", "apple", "mango"]:
        admin.visit("/settings/tokens/new?kind=personal")
        admin.page.get_by_label("Name", exact=True).fill(name)
        admin.page.get_by_role("button", name="Generate").click()
        expect(admin.page.locator("#token-value")).to_be_visible()
        admin.page.once("dialog", lambda asked: asked.accept())
        admin.page.goto(OWN_TOKENS)
    assert names(admin.page)[:3] == ["mango", "apple", "zebra"], "the newest is not the first"
    admin.page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    shown = names(admin.page)
    assert shown == sorted(shown, key=str.casefold)
    admin.page.get_by_role("searchbox").fill("zeb")
    admin.page.get_by_role("searchbox").press("Enter")
    expect(admin.page.locator("tbody tr")).to_have_count(1)
    admin.visit(OWN_TOKENS)
    choose(admin.page, status="revoked")
    expect(admin.page.get_by_text("No token matches")).to_be_visible()


def test_the_members_of_a_team_are_paged(admin, organisation):
    admin.visit(f"{TEAMS}/{organisation.examples['public']}")
    everybody = organisation.api.all("/api/users")
    seen = []
    while True:
        seen += admin.page.locator(".members").first.locator("li a").all_inner_texts()
        if not admin.page.get_by_role("link", name="Next").count():
            break
        admin.page.get_by_role("link", name="Next").click()
    assert sorted(seen) == sorted(each["name"] for each in everybody if not each["deleted_at"])


def events(page):
    return page.locator(".event > p:first-child").all_inner_texts()


def test_the_audit_log_is_paged(admin):
    admin.visit("/settings/audit?timeframe=quarter")
    first = admin.page.locator(".event > p:last-child").all_inner_texts()
    admin.page.get_by_role("link", name="Next").click()
    second = admin.page.locator(".event > p:last-child").all_inner_texts()
    one, two = ([int(re.search(r"no\. (\d+)", each).group(1)) for each in page] for page in (first, second))
    # Looking is an event too, so the second page begins with the last of the first.
    assert len(one) == len(set(one)) == 50 and len(two) == len(set(two)) > 10
    assert two[0] == one[-1] and set(one) & set(two) == {one[-1]}, "something was passed over, or told twice"


def test_the_audit_log_is_narrowed_by_its_filter(admin):
    admin.visit("/settings/audit")
    assert len(events(admin.page)) > 10
    admin.page.get_by_role("button", name="Filter").click()
    admin.page.locator("#filters").get_by_label("Revoke", exact=False).first.check()
    admin.page.locator("#filters").get_by_role("button", name="Show").click()
    told = events(admin.page)
    assert told and all("revoked" in each for each in told), told


@pytest.mark.parametrize("query, kept", [
    ("user=rafael.moreno@example.com", lambda each: each.startswith("Rafael Moreno")),
    ("object_type=team&timeframe=quarter", lambda each: " team " in each),
])
def test_the_audit_log_is_narrowed_by_person_and_object(admin, query, kept):
    admin.visit("/settings/audit?" + query)
    told = events(admin.page)
    assert told and all(kept(each) for each in told), told


def test_the_audit_log_is_narrowed_by_days_and_address(admin, organisation):
    # Behind what other proofs did here.
    recorded = next(each for page in range(1, 50)
                    for each in organisation.api.get(f"/api/activity?size=100&page={page}").json()["items"]
                    if (each["address"] or "").startswith("10."))
    day = recorded["transaction"]["issued_at"][:10]
    admin.visit("/settings/audit")
    choose(admin.page, start_date=day, end_date=day, address=recorded["address"])
    expect(admin.page.locator(".filters .count")).to_have_text("3")
    expect(admin.page.locator("section.day h2")).to_have_count(1)
    expect(admin.page.get_by_text(f"no. {recorded['seq']}")).to_be_visible()
    where = admin.page.locator(".event > p:last-child").all_inner_texts()
    assert all(recorded["address"] in each for each in where), where


def exported(page, label):
    """The file that the menu saves."""
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saving:
        page.get_by_role("link", name=label).click()
    assert saving.value.suggested_filename.startswith("latchkey-audit-"), saving.value.suggested_filename
    return Path(saving.value.path()).read_text(encoding="utf-8")


def test_the_export_of_the_audit_log_is_the_whole_filter(admin):
    admin.visit("/settings/audit?actions=refuse&page=2")
    page, count = admin.page, total(admin.page)
    shown = [int(re.search(r"no\. (\d+)", each).group(1))
             for each in page.locator(".event > p:last-child").all_inner_texts()]
    rows = list(csv.DictReader(exported(page, "For spreadsheets").splitlines()))
    events = [json.loads(line) for line in exported(page, "For programs").splitlines()]
    for numbers, verbs in [([int(each["seq"]) for each in rows], {each["action"] for each in rows}),
                           ([each["seq"] for each in events], {each["verb"] for each in events})]:
        assert len(numbers) == len(set(numbers)) == count > 50 and verbs == {"refuse"}
        assert set(shown) <= set(numbers) and numbers == sorted(numbers, reverse=True)
    assert {each["issued_at_local"][-6:] for each in rows} <= {"+01:00", "+02:00"}, "not the reader's zone"


@pytest.mark.parametrize("query, said", [
    ("user=nobody@nowhere.example", "There is nobody of this mail address"),
    ("address=here", "IPv4"), ("start_date=2020-01-01", "days before")])
def test_a_filter_that_cannot_be_is_told(admin, query, said):
    admin.visit("/settings/audit?" + query, want=422)
    expect(admin.page.get_by_role("alert")).to_contain_text(said)
