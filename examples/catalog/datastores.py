"""What Latchkey knows of datastores: which teams reach each, and how far. Shared by the scripts beside it."""

import os

import requests


def latchkey_session():
    """A session with an access token of ten minutes, which is longer than a sync takes."""
    url = os.environ["LATCHKEY_URL"]
    reply = requests.post(
        f"{url}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "resources:read teams:read"},
        auth=(os.environ["LATCHKEY_USER"], os.environ["LATCHKEY_TOKEN"]),
        timeout=10,
    )
    if not reply.ok:
        raise SystemExit(f"no access token: {reply.status_code} {reply.text}")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
    return session, url


def pages(session, address, **query):
    page = 1
    while True:
        reply = session.get(address, params={**query, "page": page, "size": 100}, timeout=10)
        reply.raise_for_status()
        body = reply.json()
        yield from body["items"]
        if page >= body["pages"]:
            return
        page += 1


def datastores_with_access():
    """Pairs of a datastore and a sentence that says who reaches it, for each that has an id in the catalog."""
    session, url = latchkey_session()
    teams = list(pages(session, f"{url}/api/teams"))
    for datastore in pages(session, f"{url}/api/resources", kind="datastore"):
        if not datastore["external_id"]:
            continue
        names = [f"{team['name']} ({team['permission']})" for team in teams if datastore["id"] in team["resource_ids"]]
        yield datastore, "Teams with access: " + (", ".join(sorted(names)) or "none besides Admins") + "."
