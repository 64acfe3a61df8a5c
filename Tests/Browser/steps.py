"""What people do in the console, as they would describe it: choose from a row's menu, answer a dialog, read a toast."""

import re

from playwright.sync_api import expect


class Steps:
    """One person's way through the console; works with scripts and without, where dialogs are pages."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.page = visitor.page

    @property
    def dialog(self):
        """The dialog that is open, or the page that stands for it where no scripts run."""
        return self.page.locator("dialog[open], main:has([data-dialog])").first

    def go(self, name):
        """By the navigation: at the side, or in the drawer of a small screen."""
        drawer = self.page.locator(".drawer > summary")
        if drawer.is_visible():
            drawer.click()
        self.page.get_by_role("navigation", name="Console").get_by_role("link", name=name, exact=True).locator(
            "visible=true").click()

    def sign_out(self):
        self.page.get_by_role("button", name="Sign out", exact=True).locator("visible=true").first.click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()

    def choose(self, row, item):
        """From the menu at the end of the first row of a list that holds the text."""
        of_row = self.page.get_by_role("row").filter(has_text=row).first
        of_row.get_by_role("button", name=re.compile("^Actions|^More")).click()
        self.page.get_by_role("link", name=item, exact=True).locator("visible=true").click()

    def press(self, name):
        """A button of the dialog."""
        self.dialog.get_by_role("button", name=name, exact=True).click()

    def told(self, words):
        """The toast after a change."""
        expect(self.page.locator(".toast")).to_contain_text(words)

    def token_shown(self):
        """The token that is shown once."""
        shown = self.dialog.locator("#token-value")
        expect(shown).to_be_visible()
        return shown.inner_text().strip()

    def done(self):
        self.dialog.get_by_role("link", name="Done").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def flaw(self, label):
        """What is said beside a field of a refused form."""
        field = self.dialog.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        return self.page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
