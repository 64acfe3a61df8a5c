"""How a page is looked at: by axe, by its width and weight, and by a person later on (screenshots)."""

import json
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from program import ROOT
from visitor import NARROW, WIDE

SCREENSHOTS = ROOT / ".build-real/screenshots"
HEAVIEST_PAGE = 100_000  # bytes, everything that the page loads in an empty cache
SCHEMES = ["light", "dark"]
# WCAG 2.2 AA, and what axe calls best practice: a page of ours has no reason to differ from either.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # halves the time
}

SIDEWAYS = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const scrolls = each => each && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(each).overflowX)
        || scrolls(each.parentElement));
    return [...document.body.querySelectorAll('*')]
        .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > wide + 1 && !scrolls(each.parentElement))
        .slice(0, 8).map(each => each.outerHTML.slice(0, 160));
}"""


def assert_accessible(page):
    """axe finds nothing. A page that still fades in would be measured with half its contrast: motion is reduced."""
    found = Axe().run(page, options=RULES).response["violations"]
    told = [
        f"{each['id']} ({each['impact']}): {each['help']}\n" + "\n".join(
            f"    {node['html'][:200]}\n        {node['failureSummary']}" for node in each["nodes"][:4])
        for each in found]
    assert not found, f"{page.url}\n" + "\n".join(told)


def assert_fits(page):
    """Nothing has to be scrolled sideways to be read; a table may scroll in a box of its own."""
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there, f"{page.url} is {wide} px wide in {there}: {json.dumps(page.evaluate(SIDEWAYS), indent=1)}"


def weight(visitor, path):
    """Bytes that the page takes in an empty cache: the bodies of all that it loads, headers apart."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Network.clearBrowserCache")
    session.detach()
    replies = []

    def note(reply):
        replies.append(int(reply.headers.get("content-length", 0)))

    visitor.page.on("response", note)
    visitor.page.goto(path, wait_until="networkidle")
    visitor.page.remove_listener("response", note)
    return sum(replies)


def keep(page, name, scheme, width):
    """A screenshot as an artefact, .build-real/screenshots/name-width-scheme.png: of the whole page, or of the window
    where something is open above the page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    above = page.locator("dialog[open], :popover-open").count() > 0
    page.screenshot(path=SCREENSHOTS / f"{plain}-{width}-{scheme}.png", full_page=not above, animations="disabled")


# Both widths and both schemes are in the first and the last: axe, which is slow, looks at these two alone.
VIEWS = [("wide", WIDE, "light"), ("wide", WIDE, "dark"), ("360", NARROW, "light"), ("360", NARROW, "dark")]


def glance(page, name):
    """Looks once wide and light, once small and dark: enough for what stands above a page that is looked at itself."""
    look(page, name, [VIEWS[0], VIEWS[-1]])


def look(page, name, views=VIEWS):
    """Looks at the page that is open in light and dark, wide and at 360 px; puts the page back as it was. All that is
    wrong is told at once, and the screenshots are there whatever it is."""
    wrong = []
    for view in views:
        width, size, scheme = view
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        keep(page, name, scheme, width)
        for judge in [assert_accessible, assert_fits] if view in (views[0], views[-1]) else [assert_fits]:
            try:
                judge(page)
            except AssertionError as flaw:
                wrong.append(f"{name}, {width}, {scheme}: {flaw}")
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert not wrong, "\n".join(wrong)


FOCUSED = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const box = here.getBoundingClientRect(), style = getComputedStyle(here);
    return {
        what: here.outerHTML.slice(0, 120),
        isFramed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
        isThere: box.width >= 2 && box.height >= 2 && box.right > 0 && box.bottom > 0
            && box.left < innerWidth && box.top < innerHeight,
    };
}"""


def walk(page, longest=400):
    """Walks the page by the Tab key from its top until the focus leaves it; what it stopped at. Each stop is seen."""
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(longest):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["what"] == stops[0] and len(stops) > 1):
            return stops
        assert stop["isThere"] and stop["isFramed"], f"{page.url}: the focus isn't seen at {stop}"
        stops.append(stop["what"])
    raise AssertionError(f"{page.url}: {longest} stops and no end")
