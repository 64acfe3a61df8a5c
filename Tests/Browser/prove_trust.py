"""Trusting an issuer in the console: the dialog, what it refuses, the table, the page of the trust, and its end."""

import re

import pytest
from playwright.sync_api import expect

from people import set_up
from steps import Steps

SUBJECT = "repo:acme/pipelines:ref:refs/heads/main"


def service_user(page, steps):
    """A new service user, whose page is open afterwards."""
    steps.go("Users")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Service User").click()
    steps.dialog.get_by_label("Name", exact=True).fill("Nightly load")
    steps.press("Next")
    expect(steps.dialog.get_by_text("Step 2 of 2")).to_be_visible()
    steps.dialog.get_by_label("Name", exact=True).fill("nightly")
    steps.press("Finish")
    steps.token_shown()
    page.once("dialog", lambda asked: asked.accept())
    page.goto("/settings/security/users")
    page.get_by_role("link", name="Nightly load").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_issuer_is_trusted_and_no_longer(new_visitor, server, scripts):
    visitor = new_visitor(java_script_enabled=scripts)
    page, steps = visitor.page, Steps(visitor)
    set_up(visitor, server)
    service_user(page, steps)
    page.goto(page.url.split("?")[0] + "/trust")
    page.get_by_label("Name", exact=True).fill("GitHub")
    page.get_by_label("Issuer").fill("https://token.actions.githubusercontent.com")
    page.get_by_label("Subject").fill("repo:acme*")
    page.get_by_label(re.compile("^Further claims")).fill("environment = production")
    page.get_by_role("button", name="Trust", exact=True).click()
    expect(page.get_by_text(re.compile("may hold \\* for one whole part"))).to_be_visible()
    expect(page.get_by_label("Issuer")).to_have_value("https://token.actions.githubusercontent.com")
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_role("button", name="Trust", exact=True).click()
    expect(page.get_by_text("Issuer successfully trusted")).to_be_visible()
    table = page.get_by_role("region", name="Table of trusted issuers")
    expect(table.get_by_text(SUBJECT)).to_be_visible()
    table.get_by_role("link", name="GitHub").click()
    for words in ["None: it stands for a trusted issuer", SUBJECT, "environment = production", "10 minutes"]:
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("link", name="Rotate")).to_have_count(0)
    page.get_by_role("link", name="Revoke").click()
    steps.press("Revoke")
    steps.go("Users")
    page.get_by_role("link", name="Nightly load").click()
    expect(page.get_by_role("region", name="Table of trusted issuers").get_by_text("Revoked")).to_be_visible()
