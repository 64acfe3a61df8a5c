"""What people do on the way in, as steps that several proofs share."""

import base64
import hmac
import re
import struct
import time

from program import eventually

PASSWORD = "four words in a row"


def sign_in(visitor, email, password=PASSWORD, at="/sign-in"):
    """Types mail address and password at the sign-in page, or wherever it was sent to it from."""
    visitor.page.goto(at)
    fill_in(visitor, email, password)


def fill_in(visitor, email, password=PASSWORD):
    """The form of the sign-in page, which is open."""
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


def code(key, step=0):
    """What an authenticator shows (RFC 6238): the code of this half minute, or of a later one."""
    secret = base64.b32decode(key.replace(" ", ""))
    digest = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30 + step), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
