"""What somebody sees who isn't signed in."""

import pytest

import hostile
import looks


def test_the_sign_in_page_is_looked_at(visitor):
    visitor.visit("/sign-in")
    looks.look(visitor.page, "sign-in")
    assert looks.weight(visitor, "/sign-in") <= looks.HEAVIEST_PAGE


def test_a_page_that_is_not_there_says_so(visitor):
    visitor.visit("/not-there", want=404)
    looks.look(visitor.page, "not-found")


@pytest.mark.parametrize("path", ["/", "/settings/security/users?name=a%20b&page=2"])
def test_who_is_not_signed_in_is_sent_to_sign_in(visitor, path):
    visitor.visit(path)
    assert visitor.path.startswith("/sign-in")
    hostile.assert_inert(visitor.page)


def test_the_sign_in_page_carries_no_way_elsewhere(visitor):
    for elsewhere in hostile.ELSEWHERE:
        visitor.visit("/sign-in?return_to=" + hostile.quoted(elsewhere))
        leads = visitor.page.locator("[name=return_to]").evaluate("each => new URL(each.value, location).origin")
        assert leads == visitor.url, elsewhere
        hostile.assert_inert(visitor.page)
