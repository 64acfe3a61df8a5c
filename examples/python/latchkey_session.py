"""A requests session that gets itself short access tokens for a service token.

    with service_session("https://latchkey.example.com", "nightly_load@service", read_secret()) as session:
        session.get("https://api.example.com/api/datastores", timeout=10)
"""

import time

import requests
from requests.auth import AuthBase


class AccessToken(AuthBase):
    """Sends an access token, and gets a fresh one shortly before the old one ends."""

    MARGIN = 30

    def __init__(self, url, user, service_token, scope=None):
        self.url, self.user, self.service_token, self.scope = url, user, service_token, scope
        self.value, self.ends = None, 0

    def fetch(self):
        form = {"grant_type": "client_credentials"}
        if self.scope:
            form["scope"] = self.scope
        reply = requests.post(
            f"{self.url}/oauth2/token", data=form, auth=(self.user, self.service_token), timeout=10)
        if not reply.ok:
            raise PermissionError(f"no access token: {reply.status_code} {reply.text}")
        grant = reply.json()
        self.value, self.ends = grant["access_token"], time.monotonic() + grant["expires_in"] - self.MARGIN

    def __call__(self, request):
        if time.monotonic() >= self.ends:
            self.fetch()
        request.headers["Authorization"] = f"Bearer {self.value}"
        return request


def service_session(url, user, service_token, scope=None):
    session = requests.Session()
    session.auth = AccessToken(url, user, service_token, scope)
    return session


if __name__ == "__main__":
    import os

    url = os.environ["LATCHKEY_URL"]
    with service_session(url, os.environ["LATCHKEY_USER"], os.environ["LATCHKEY_TOKEN"]) as session:
        reply = session.get(f"{url}/api/users/me", timeout=10)
        reply.raise_for_status()
        print(reply.json()["user_id"])
