"""Faults of the program's own: what a person sees when the database does not answer, and that it passes."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

import looks
from people import set_up


def tell(server, statement):
    """Behind the program's back."""
    with closing(sqlite3.connect(server.data / "latchkey.db", timeout=10)) as database:
        database.execute(statement)


@pytest.mark.parametrize("is_in", [True, False], ids=["signed-in", "stranger"])
def test_a_fault_is_told_in_words_and_with_a_number_that_the_log_has(new_visitor, server, is_in):
    visitor = new_visitor()
    set_up(visitor, server)
    if not is_in:
        visitor.context.clear_cookies()
    path = "/settings/sign-in" if is_in else "/sign-in"
    visitor.visit(path)
    visitor.forgive("503 ")
    tell(server, "ALTER TABLE identity_provider RENAME TO mislaid")
    try:
        reply = visitor.visit(path, want=503)
        looks.look(visitor.page, f"fault-{'signed-in' if is_in else 'stranger'}")
    finally:
        tell(server, "ALTER TABLE mislaid RENAME TO identity_provider")
    number = reply.headers["x-request-id"]
    expect(visitor.page.get_by_role("heading", name="Not available now")).to_be_visible()
    expect(visitor.page.get_by_text("Try again in a moment.")).to_be_visible()
    expect(visitor.page.locator("main code")).to_have_text(number)
    assert int(reply.headers["retry-after"]) >= 1
    for inside in ["identity_provider", "no such table", "SQLite", "SELECT", ".swift", str(server.data)]:
        assert inside not in reply.text(), inside
    log = server.logged()
    assert number in log and "no such table" in log, log[-2000:]
    visitor.page.get_by_role("link", name="Try again").click()
    expect(visitor.page.get_by_role("heading", name="Sign", exact=False).first).to_be_visible()
    assert visitor.path == path
