"""Ways in: the set-up link, passwords, second factor, recovery codes, sessions."""

import sqlite3
from contextlib import closing

from playwright.sync_api import expect

import looks
from people import PASSWORD, code, fill_in, is_in, set_up, set_up_link, sign_in
from steps import Steps

EMAIL = "ada@example.com"


def give_code(visitor, text):
    visitor.page.get_by_role("textbox", name="Code").fill(text)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()


def test_the_set_up_link_works_once(new_visitor, server):
    first, second = new_visitor(), new_visitor()
    second.page.goto(set_up_link(server))
    looks.look(second.page, "set-up")
    for label, text in [("Mail address", EMAIL), ("Your name", "Kept"), ("Password", "short")]:
        second.page.get_by_label(label).fill(text)
    second.page.get_by_role("button", name="Make the account").click()
    expect(second.page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    assert [second.page.get_by_label(each).input_value() for each in ("Mail address", "Your name")] == [EMAIL, "Kept"]
    link = set_up(first, server)
    second.page.goto(link)
    expect(second.page.locator("form[action='/set-up']")).to_have_count(0)
    looks.look(second.page, "set-up-used")


def test_a_second_factor_is_asked_for_and_a_recovery_code_works_once(new_visitor, server):
    visitor = new_visitor()
    set_up(visitor, server)
    visitor.visit("/account/second-factor")
    key = visitor.page.locator("#factor-key").inner_text()
    visitor.page.get_by_role("textbox", name="Code").fill("000000" if code(key) != "000000" else "000001")
    visitor.page.get_by_role("button", name="Set up").click()
    expect(visitor.page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    assert visitor.page.locator("#factor-key").inner_text() == key, "another key after a refusal"
    visitor.page.get_by_role("textbox", name="Code").fill(code(key))
    visitor.page.get_by_role("button", name="Set up").click()
    recovery = visitor.page.locator(".codes code").all_inner_texts()
    assert len(set(recovery)) == 10
    looks.look(visitor.page, "recovery-codes")
    for page in ["", "/second-factor/codes", "/second-factor/remove"]:
        visitor.visit("/account" + page)
        looks.glance(visitor.page, f"account with factor {page}")
        if page:
            visitor.page.get_by_role("textbox", name="Code").fill("no code")
            visitor.page.locator("main form button").last.click()
            expect(visitor.page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")

    again = new_visitor()
    sign_in(again, EMAIL)
    expect(again.page.get_by_role("heading", name="Second factor")).to_be_visible()
    looks.look(again.page, "sign-in-code")
    again.page.goto("/account")
    assert again.path.startswith("/sign-in"), "a password alone opened the console"
    sign_in(again, EMAIL)
    give_code(again, recovery[0])
    is_in(again)

    third = new_visitor()
    sign_in(third, EMAIL)
    give_code(third, recovery[0])
    expect(third.page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    give_code(third, code(key, 1))
    is_in(third)


def test_sessions_are_seen_and_ended(new_visitor, server):
    here, there = new_visitor(), new_visitor()
    set_up(here, server)
    sign_in(there, EMAIL)
    is_in(there)
    here.visit("/account")
    other = here.page.get_by_role("row").filter(has_not_text="This one").filter(
        has=here.page.get_by_role("button", name="End"))
    other.get_by_role("button", name="End").click()
    expect(other).to_have_count(0)
    there.page.goto("/account")
    assert there.path.startswith("/sign-in")
    here.page.get_by_role("button", name="Sign out everywhere").click()
    here.page.goto("/account")
    assert here.path.startswith("/sign-in")


def test_a_new_password_signs_out_everywhere_else(new_visitor, server):
    here, there = new_visitor(), new_visitor()
    set_up(here, server)
    sign_in(there, EMAIL)
    is_in(there)
    here.visit("/account")
    here.page.get_by_role("link", name="Change password").click()
    dialog = here.page.locator("dialog[open]")
    dialog.locator("input[type=password]").nth(0).fill(PASSWORD)
    dialog.locator("input[type=password]").nth(1).fill("another four words here")
    dialog.get_by_role("button", name="Change password").click()
    expect(here.page.locator("dialog[open]")).to_have_count(0)
    there.page.goto("/account")
    assert there.path.startswith("/sign-in")
    here.visit("/account")
    sign_in(there, EMAIL, "another four words here")
    is_in(there)


def test_too_many_wrong_passwords_have_to_wait_and_hold_up_nobody_else(new_visitor, server):
    set_up(new_visitor(), server)
    visitor = new_visitor()
    for _ in range(10):
        sign_in(visitor, EMAIL, "not the password")
        expect(visitor.page.locator(".flaw")).to_contain_text("not right")
    with visitor.page.expect_response(lambda reply: reply.request.method == "POST") as held:
        fill_in(visitor, EMAIL)
    assert held.value.status == 429 and 0 < int(held.value.headers["retry-after"]) <= 900
    expect(visitor.page.get_by_role("alert")).to_contain_text("Too many tries. Try again in 1")
    expect(visitor.page.get_by_label("Mail address")).to_have_value(EMAIL)
    expect(visitor.page.get_by_label("Password")).to_have_value("")
    expect(visitor.page.get_by_text("An Admin can give you a link")).to_be_visible()
    looks.look(visitor.page, "sign-in-too-many")
    other = new_visitor()
    sign_in(other, "somebody.else@example.com")
    expect(other.page.locator(".flaw")).to_contain_text("not right")


def let_sessions_lapse(server):
    """As if everybody had been away for an hour."""
    server.stop()
    with closing(sqlite3.connect(server.data / "latchkey.db")) as database, database:
        database.execute("UPDATE session SET last_seen_at = last_seen_at - 3600000")
    server.start()


def test_what_was_typed_when_a_session_ended_is_there_after_signing_in(new_visitor, server):
    visitor = new_visitor()
    set_up(visitor, server)
    visitor.visit("/settings/security/teams/new")
    page, steps = visitor.page, Steps(visitor)
    page.get_by_label("Name").fill("Kept")
    page.get_by_label("Description").fill("typed before the end")
    let_sessions_lapse(server)
    steps.press("Add")
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    looks.glance(page, "sign-in-late")
    fill_in(visitor, EMAIL)
    expect(page.get_by_label("Name")).to_have_value("Kept")
    expect(page.get_by_label("Description")).to_have_value("typed before the end")
    looks.glance(page, "kept-form")
    steps.press("Add")
    steps.told("Team successfully created")
