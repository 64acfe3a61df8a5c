"""From the first start to a token's end, in a browser, by somebody who has never read the manual."""

import json
import re
import subprocess
import time

import pytest
from playwright.sync_api import expect

from people import set_up
from program import eventually
from steps import Steps
from visitor import NARROW, WIDE


def curl(line):
    """Runs the ready line that the page shows, as it stands; status and body."""
    done = subprocess.run(
        ["sh", "-c", line.replace("curl", "curl -s -w '\\n%{http_code}'", 1)], capture_output=True, text=True,
        timeout=30)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), body


def standing(server, token):
    return server.client(token).get("/api/users/me", want=None).status_code


@pytest.mark.parametrize(
    "scripts, size", [(True, WIDE), (False, WIDE), (True, NARROW), (False, NARROW)],
    ids=["scripts", "no-scripts", "small-screen", "no-scripts-small-screen"])
def test_the_life_of_a_token(new_visitor, server, tmp_path, scripts, size):
    visitor = new_visitor(java_script_enabled=scripts, accept_downloads=True, viewport=size)
    if scripts:
        visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, steps = visitor.page, Steps(visitor)
    set_up(visitor, server)
    begun = time.monotonic()
    token = first_token(page, steps, scripts)
    assert time.monotonic() - begun < 60, "the first service user and its token took more than a minute"
    take(page, steps, token, tmp_path, scripts)
    use_and_end(page, steps, server, token)


def first_token(page, steps, scripts):
    """Users → Add → Service User, both steps of the dialog."""
    steps.go("Users")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Service User").click()
    dialog = steps.dialog
    dialog.get_by_label("Name", exact=True).fill("Billing Export")
    if scripts:
        expect(dialog.locator(".handle")).to_have_text("billing_export@service")
    expect(dialog.get_by_role("radio", name=re.compile("^Member"))).to_be_checked()
    public = dialog.get_by_role("checkbox", name=re.compile("^Public"))
    expect(public).to_be_checked()
    expect(public).to_be_disabled()
    dialog.get_by_label("Purpose").fill("Nightly load")
    steps.press("Next")
    expect(steps.dialog.get_by_text("Step 2 of 2")).to_be_visible()
    expect(steps.dialog.get_by_label("Type")).to_have_attribute("readonly", "")
    expect(steps.dialog.get_by_label("Service user", exact=True)).to_have_value("billing_export@service")
    steps.dialog.get_by_label("Name", exact=True).fill("billing-nightly")
    steps.dialog.get_by_role("radio", name="Never").check()
    expect(steps.dialog.get_by_text("works until somebody revokes it")).to_be_visible()
    steps.dialog.get_by_role("radio", name="90 days").check()
    steps.press("Finish")
    return steps.token_shown()


def take(page, steps, token, folder, scripts):
    """Copies and saves the token, and tries the ready line."""
    line = steps.dialog.locator("#line-curl").inner_text()
    assert token in line
    status, body = curl(line)
    assert status == 200 and json.loads(body)["user_id"] == "billing_export@service"
    for place in ["Airflow", "dbt", "GitHub Actions", "Vault", "AWS", "Azure"]:
        assert steps.dialog.locator("summary").filter(has_text=place).count(), f"no line for {place}"
    if scripts:
        steps.press("Copy")
        page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('ey'))")
        assert page.evaluate("navigator.clipboard.readText()") == token
    with page.expect_download() as saving:
        steps.dialog.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"[a-z0-9-]+-token\.txt", saving.value.suggested_filename), saving.value.suggested_filename
    saving.value.save_as(folder / "token.txt")
    assert (folder / "token.txt").read_text().strip() == token
    steps.done()
    expect(page.get_by_role("row").filter(has_text="billing_export@service")).to_contain_text("1")


def use_and_end(page, steps, server, token):
    """Last used → revoke → restore → rotate → delete, from the list of tokens."""
    steps.go("Tokens")
    page.get_by_role("link", name="Service", exact=True).click()
    row = page.get_by_role("row").filter(has_text="billing-nightly")
    eventually(lambda: page.reload() and "Not Used" not in row.first.inner_text())
    steps.choose("billing-nightly", "Revoke")
    steps.press("Revoke")
    steps.told("User token successfully revoked")
    assert standing(server, token) == 401
    steps.choose("billing-nightly", "Restore")
    steps.press("Restore")
    steps.told("User token successfully restored")
    assert standing(server, token) == 200
    steps.choose("billing-nightly", "Rotate")
    steps.dialog.get_by_role("radio", name=re.compile("^Not any more")).check()
    steps.press("Rotate")
    successor = steps.token_shown()
    if page.locator("dialog[open]").count():
        page.once("dialog", lambda asked: asked.accept())
    steps.done()
    assert (standing(server, token), standing(server, successor)) == (401, 200)
    page.goto("/settings/tokens/service")
    revoked = page.get_by_role("row").filter(has_text="billing-nightly").filter(has_text="Revoked")
    revoked.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("link", name="Delete", exact=True).locator("visible=true").click()
    steps.press("Delete")
    steps.told("User token successfully deleted")
    expect(revoked).to_have_count(0)
    assert standing(server, successor) == 200
