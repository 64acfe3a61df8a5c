"""What somebody who means harm types, links to and posts; and how to tell that nothing came of it."""

import json
from urllib.parse import quote

# Each leaves a mark if it is taken for markup or run as a script: an element <x-hurt>, an attribute `data-hurt` or
# a handler, or `window.hurt`. Shown as text it leaves none.
SCRIPTS = [
    "<script>window.hurt=1</script>",
    "<x-hurt>plain</x-hurt>",
    "\"><x-hurt data-hurt=\"",
    "'><x-hurt data-hurt='",
    "\" autofocus onfocus=\"window.hurt=1\" data-hurt=\"",
    "<img src=x onerror=window.hurt=1 data-hurt>",
    "<svg/onload=window.hurt=1 data-hurt>",
    "</textarea><x-hurt>",
    "</title></style></script><x-hurt>",
    "<a data-hurt href=\"javascript:window.hurt=1\">x</a>",
    "<iframe data-hurt srcdoc=\"<script>parent.hurt=1</script>\">",
    "<meta data-hurt http-equiv=refresh content=\"0;url=//evil.test/\">",
    "<base data-hurt href=//evil.test/>",
    "<form data-hurt action=//evil.test/><button>",
    "<!-- x-hurt",
    "{{{main}}} {{>layout}} {{#users}}x{{/users}}",
    "javascript:window.hurt=1",
    "&lt;x-hurt&gt; &#60;x-hurt&#62;",
    "\u202e<x-hurt>\u2066",
    "<ſcript>window.hurt=1</ſcript>",
    "+ADw-x-hurt+AD4-",
]

# All in one text, for fields that take much. Where a field is refused for its length, one after another is.
EVERYTHING = " ".join(SCRIPTS)

# What a link to the sign-in page may carry as the place to go back to. None of them is a path of ours.
ELSEWHERE = [
    "//evil.test/", "///evil.test/", "/\\evil.test/", "\\\\evil.test/", "/\t/evil.test/", "/\n/evil.test/",
    "https://evil.test/", "http:evil.test", "https:/evil.test/", "javascript:window.hurt=1", "data:text/html,x",
    "/%09/evil.test/", " //evil.test/", "//evil.test/%2f..", "/.//evil.test/", "//127.0.0.1@evil.test/",
    "evil.test", "?return_to=//evil.test/", "#//evil.test/", "/%5cevil.test/", "\u2215\u2215evil.test/",
]


def quoted(text):
    """For a place in an address."""
    return quote(text, safe="")


MARKS = """() => {
    const marks = [...document.querySelectorAll('x-hurt, [data-hurt], base, iframe, object, embed, meta[http-equiv]')];
    for (const each of document.querySelectorAll('*')) {
        if ([...each.attributes].some(one => one.name.startsWith('on'))) marks.push(each);
        const leads = each.getAttribute('href') || each.getAttribute('src') || each.getAttribute('action') || '';
        if (each.download && leads.startsWith('data:text/plain')) continue; // a token to be saved
        if (/^\\s*(javascript|data|vbscript):/i.test(leads) && each.localName !== 'link') marks.push(each);
        if (/^(\\w+:)?[\\/\\\\]{2}/.test(leads.trim()) && !leads.startsWith(location.origin)) marks.push(each);
    }
    return {hurt: window.hurt ?? null, marks: [...new Set(marks)].map(each => each.outerHTML.slice(0, 200)),
            foreign: [...document.querySelectorAll('script, style')].filter(each => !each.src).map(
                each => each.outerHTML.slice(0, 200))};
}"""


def assert_inert(page):
    """Nothing that was typed has become markup, a link that runs, or a script. The policy would stop a script that got
    so far; that would be seen as a complaint of the page (visitor.py), and counts as harm too."""
    found = page.evaluate(MARKS)
    assert found == {"hurt": None, "marks": [], "foreign": []}, f"{page.url}: {found}"


# Pages that post without asking: by a form, and by a script.
FORM = """<!doctype html><title>prize</title><form method=post enctype="{kind}" action="{action}">{fields}</form>
<script>document.forms[0].submit()</script>"""
SCRIPT = """<!doctype html><title>prize</title><script>
const asked = {asked};
Promise.all(asked.map(each => fetch(each.url, each.options).then(reply => reply.text()).then(
    text => ({{url: each.url, read: text.length}}), () => ({{url: each.url, read: 0}})
))).then(outcomes => window.outcomes = outcomes);
</script>"""
ENCODINGS = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]


def form(action, fields, kind=ENCODINGS[0]):
    """A page that sends a form as soon as it is seen."""
    hidden = "".join(f"<input type=hidden name='{name}' value='{value}'>" for name, value in fields.items())
    return FORM.format(kind=kind, action=action, fields=hidden)


def post(action, fields, kind, mode):
    """What a script asks for in the visitor's name: the same fields, in the encoding that it claims."""
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    if kind in ("application/json", "text/plain"):
        body = json.dumps(fields)
    headers = {"Content-Type": kind} if kind else {}
    options = {"method": "POST", "credentials": "include", "mode": mode, "headers": headers, "body": body}
    return {"url": action, "options": options}


def read(address):
    return {"url": address, "options": {"credentials": "include", "mode": "cors"}}


def script(asked):
    """A page whose script asks for all of it, and then says in `window.outcomes` what it could read."""
    return SCRIPT.format(asked=json.dumps(asked))
