"""The proofs' own instruments: an instrument that can't fail proves nothing."""

import pytest

import looks

PAGE = """<!doctype html><html lang=en><title>t</title><meta name=viewport content=width=device-width>
<main><h1>Hello</h1>{body}</main>"""


def show(visitor, body, headers=None):
    visitor.page.route("**/shown", lambda route: route.fulfill(
        body=PAGE.format(body=body), content_type="text/html", headers=headers or {}))
    visitor.visit("/shown")


def test_a_breach_of_the_policy_is_a_complaint(visitor):
    show(visitor, "<p style='color: red'>x</p>", {
        "Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'"})
    with pytest.raises(AssertionError, match="Content Security Policy"):
        visitor.assert_content()
    visitor.forgive("Content Security Policy")


def test_an_exception_and_an_asset_that_is_not_there_are_complaints(visitor):
    show(visitor, "<script src=/api/not-there></script><script>throw Error('uncaught')</script>")
    with pytest.raises(AssertionError, match="uncaught"):
        visitor.assert_content()
    assert any("/api/not-there" in each for each in visitor.complaints)
    visitor.complaints.clear()


def test_axe_sees_what_is_not_readable(visitor):
    show(visitor, "<p>fine</p>")
    looks.assert_accessible(visitor.page)
    show(visitor, "<p style='color: #999; background: #fff'>pale</p><input>")
    with pytest.raises(AssertionError, match="color-contrast(.|\n)*label"):
        looks.assert_accessible(visitor.page)


def test_what_is_too_wide_is_seen(visitor):
    show(visitor, "<div style='overflow: auto'><p style='width: 900px'>in a box of its own</p></div>")
    visitor.page.set_viewport_size(looks.NARROW)
    looks.assert_fits(visitor.page)
    show(visitor, "<p id=long style='width: 400px'>x</p>")
    with pytest.raises(AssertionError, match="id=.+long"):
        looks.assert_fits(visitor.page)


def test_a_page_is_weighed_with_all_that_it_loads(visitor, other_site):
    other_site.pages = {
        "/": ("text/html", PAGE.format(body="<link rel=stylesheet href=/heavy.css><link rel=icon href=data:>")),
        "/heavy.css": ("text/css", "/*" + "x" * 5000 + "*/")}
    for _ in range(2):
        assert 5000 < looks.weight(visitor, other_site.url + "/") < 5500


def test_a_refusal_is_no_complaint_of_the_browser(visitor):
    visitor.forgive("/favicon.ico")
    visitor.visit("/api/not-there", want=404)
