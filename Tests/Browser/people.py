"""What people do on the way in, as steps that several proofs share."""

import re

from program import eventually

PASSWORD = "four words in a row"


def sign_in(visitor, email, password=PASSWORD, at="/sign-in"):
    """Types mail address and password at the sign-in page, or wherever it was sent to it from."""
    visitor.page.goto(at)
    visitor.page.get_by_label("Mail address").fill(email)
    visitor.page.get_by_label("Password").fill(password)
    visitor.page.get_by_role("button", name="Sign in", exact=True).click()


def is_in(visitor):
    """Waits until the console is open."""
    visitor.page.wait_for_url(lambda url: not url.removeprefix(visitor.url).startswith(("/sign-in", "/set-up")))


def set_up_link(server):
    """What `serve` says at its first start."""
    found = eventually(lambda: re.search(r"http://\S+/set-up\?code=\S+", server.logged()))
    return found.group()


def set_up(visitor, server, email="ada@example.com", name="Ada Lovelace"):
    """Makes the first Admin by the link, who is signed in then. Returns the link."""
    link = set_up_link(server)
    visitor.page.goto(link)
    visitor.page.get_by_label("Mail address").fill(email)
    visitor.page.get_by_label("Your name").fill(name)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Make the account").click()
    visitor.page.wait_for_url(visitor.url + "/")
    return link
