"""Every page that a link of the console leads to, also one that nobody has put into a list of proofs yet."""

import re
from urllib.parse import urlsplit

import hostile
import looks
from prove_pages import PAGES


def kind(address):
    """Pages of the same kind differ by numbers and questions alone."""
    return re.sub(r"/\d+", "/{id}", urlsplit(address).path)


def test_every_link_leads_to_a_page_that_is_looked_at(admin, organisation):
    looked_at = {kind(path.format(**organisation.examples)) for path in PAGES.values()}
    seen, waiting, page = set(), ["/"], admin.page
    while waiting:
        address = waiting.pop()
        if kind(address) in seen:
            continue
        seen.add(kind(address))
        admin.visit(address)
        hostile.assert_inert(page)
        if kind(address) not in looked_at:
            looks.glance(page, f"linked {kind(address)}")
        links = page.locator("a[href^='/']:not([download])").evaluate_all(
            "all => all.map(each => each.getAttribute('href'))")
        waiting += [link for link in links if kind(link) not in seen]
    assert len(seen) > 25, seen
