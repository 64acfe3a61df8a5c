"""A person at a browser: cookies of their own, one page, and a record of everything that a page complained of.

The browser is Debian's chromium, driven by playwright. Nothing here bypasses the pages' Content-Security-Policy.
"""

import os
import shutil

from playwright.sync_api import TimeoutError as NotYet

# A name of another site that the browser finds on this machine: cookies tell sites apart by name, not by port.
OTHER_SITE = "evil.test"
CHROMIUM = os.environ.get("LATCHKEY_TEST_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    f"--host-resolver-rules=MAP {OTHER_SITE} 127.0.0.1",
    "--disable-dev-shm-usage",  # a container has 64 MB of it
]
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}
# Conditions that hold, hold at once on this machine; what takes longer is broken. CI is slower and shares its cores.
PATIENCE = 15_000


def launch(playwright):
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


class Visitor:
    """One browser profile with one page. `complaints` holds what no page may cause: errors in the console, breaches of
    the Content-Security-Policy, uncaught exceptions, assets that were refused."""

    def __init__(self, browser, url, **options):
        options = {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
        self.url = url
        self.context = browser.new_context(base_url=url, **options)
        self.context.set_default_timeout(PATIENCE)
        self.complaints = []
        self.documents = set()
        self.forgiven = []
        self.context.on("request", self.note_request)
        self.context.on("response", self.note_response)
        self.context.on("console", self.note_console)
        self.context.on("weberror", lambda error: self.complaints.append(f"exception: {error.error}"))
        self.page = self.context.new_page()

    def note_request(self, request):
        if self.asks_for_a_page(request):
            self.documents.add(request.url)

    @staticmethod
    def asks_for_a_page(request):
        """By an address, a link or a form; dialogs ask by script."""
        return request.is_navigation_request() or "latchkey-dialog" in request.headers

    def note_response(self, response):
        most = 500 if self.asks_for_a_page(response.request) else 400
        if response.status >= most:
            self.complaints.append(f"{response.status} {response.url}")

    def note_console(self, message):
        """Chromium also logs each page that is answered with 4xx; a refusal has such a status, as it should."""
        if message.type not in ("error", "warning"):
            return
        said_of = message.location.get("url", "").partition("#")[0]
        if not (message.text.startswith("Failed to load resource") and said_of in self.documents):
            self.complaints.append(f"{message.type} on {self.page.url}: {message.text} ({said_of})")

    def forgive(self, part):
        """What a test provokes on purpose: complaints with this text don't count."""
        self.forgiven.append(part)

    def assert_content(self):
        """No page has complained. Asks the page once, so that what it said last has arrived."""
        try:
            self.page.evaluate("0")
        except Exception:  # the page may be gone or without scripts: then nothing is on its way either
            pass
        wrong = [each for each in self.complaints if not any(part in each for part in self.forgiven)]
        assert not wrong, "\n".join(wrong)

    def visit(self, path, want=200):
        """Goes there as if the address had been typed; the reply of the last redirect."""
        reply = self.page.goto(path)
        assert reply.status == want, f"{path} → {reply.url}: {reply.status}\n{reply.text()[:2000]}"
        return reply

    def cookies(self):
        return {each["name"]: each["value"] for each in self.context.cookies(self.url)}

    @property
    def path(self):
        """Where the person is, without the host."""
        return self.page.url.removeprefix(self.url)

    def close(self):
        self.context.close()


__all__ = ["NARROW", "NotYet", "OTHER_SITE", "Visitor", "WIDE", "launch"]
