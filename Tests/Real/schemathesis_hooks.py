"""Keeps the generated requests signed in, because some of them, rightly, revoke the token that they came with; and
apart, because what has been seen before is rightly answered as before."""

import itertools
import json
import os
import shlex
import subprocess

import requests
import schemathesis


@schemathesis.hook
def map_query(context, query):
    """Nobody has the time to wait for news 30 seconds an example."""
    if isinstance(query, dict) and isinstance(query.get("wait"), int) and 1 < query["wait"] <= 30:
        query["wait"] = 1
    return query


NUMBERS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """No Idempotency-Key twice: the second answer is the first one again, also when what was made then is deleted."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) <= 200:
        case.headers["Idempotency-Key"] = f"{key}{next(NUMBERS)}"


@schemathesis.auth(refresh_interval=1)
class AdminToken:
    """A token of an Admin, made by the command that works beside a running server; another once it is refused.

    It is looked at once a second: the few requests in between that are refused are refused as the document says.
    """

    token = None
    made = 0

    def get(self, case, context):
        base = case.operation.base_url.rstrip("/")
        root = base[: -len("/api")] if base.endswith("/api") else base
        if AdminToken.token is None or not self.works(root):
            AdminToken.made += 1
            command = shlex.split(os.environ["BOOTSTRAP_COMMAND"]) + ["--email", f"keeper{AdminToken.made}@example.com"]
            AdminToken.token = json.loads(subprocess.check_output(command))["bearer_token"]
        return AdminToken.token

    @staticmethod
    def works(root):
        header = {"Authorization": f"Bearer {AdminToken.token}"}
        reply = requests.get(f"{root}/api/users/me", headers=header, timeout=30)
        return reply.status_code == 200 and reply.json()["role"] == "Admin"

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"
