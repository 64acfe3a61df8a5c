"""Every page, with a believable organisation in it: what it weighs, how it looks, and what axe says of it."""

import pytest

import hostile
import looks

PAGES = {
    "users": "/settings/security/users",
    "users-filtered": "/settings/security/users?role=Manager&name=a",
    "users-none": "/settings/security/users?name=nobody+is+called+so",
}


@pytest.fixture
def admin(organisation_visitor, signed_in):
    return organisation_visitor(storage_state=signed_in)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_readable_and_fits(admin, organisation, name):
    path = PAGES[name].format(**organisation.examples())
    admin.visit(path)
    assert admin.path == path, "sent elsewhere"
    looks.look(admin.page, name)
    assert looks.weight(admin, path) <= looks.HEAVIEST_PAGE
    hostile.assert_inert(admin.page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_walked_by_keyboard(admin, organisation, name):
    """Each stop of the Tab key is seen: it has a size, a frame that shows the focus, and it isn't off the screen."""
    admin.visit(PAGES[name].format(**organisation.examples()))
    stops = looks.walk(admin.page)
    assert len(stops) > 5
