"""The hook after `dbt build`: tells an API that stands behind Latchkey what was built, and what was not.

    rm -f target/run_results.json; dbt build || true; python after_run.py target/run_results.json

It runs after a failure too, and ends as dbt did; without the results of this run it fails. A script makes the call, for
a hook of dbt's own speaks SQL alone, and dbt reads DBT_ENV_SECRET_… in profiles.yml and packages.yml alone. The token is
in DBT_ENV_SECRET_LATCHKEY_TOKEN all the same: what is in such a variable dbt hides wherever it writes. It is exchanged
for an access token of ten minutes, so that nothing long-lived travels further than to Latchkey.
"""

import json
import os
import sys

import requests

# What makes dbt itself fail (its `interpret_results`); a warning does not.
FAILED = ("error", "fail", "runtime error", "skipped", "partial success")


def access_token(url):
    reply = requests.post(
        f"{url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(os.environ["LATCHKEY_USER"], os.environ["DBT_ENV_SECRET_LATCHKEY_TOKEN"]),
        timeout=10,
    )
    if not reply.ok:
        sys.exit(f"no access token: {reply.status_code} {reply.text}")
    return reply.json()["access_token"]


def main(path):
    with open(path) as file:
        results = json.load(file)["results"]
    failed = [result["unique_id"] for result in results if result["status"] in FAILED]
    url = os.environ["LATCHKEY_URL"]
    headers = {"Authorization": f"Bearer {access_token(url)}"}
    # Here stands the call of your own API, such as a quality check of each model that was built.
    reply = requests.get(os.environ.get("API_URL", f"{url}/api/users/me"), headers=headers, timeout=10)
    reply.raise_for_status()
    print(f"{len(failed)} of {len(results)} failed; the API answered {reply.status_code}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
