"""The hook after `dbt build`: tells an API that stands behind Latchkey what was built.

    dbt build && python after_run.py target/run_results.json

The token comes from DBT_ENV_SECRET_LATCHKEY_TOKEN, as dbt itself would read it, and is exchanged for an access token of
ten minutes, so that nothing long-lived travels further than to Latchkey.
"""

import json
import os
import sys

import requests


def access_token(url):
    reply = requests.post(
        f"{url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(os.environ["LATCHKEY_USER"], os.environ["DBT_ENV_SECRET_LATCHKEY_TOKEN"]),
        timeout=10,
    )
    if reply.status_code >= 400:
        sys.exit(f"Latchkey refused: {reply.json().get('error_description')}")
    return reply.json()["access_token"]


def main(path):
    with open(path) as file:
        results = json.load(file)["results"]
    failed = [result["unique_id"] for result in results if result["status"] not in ("success", "pass")]
    url = os.environ["LATCHKEY_URL"]
    headers = {"Authorization": f"Bearer {access_token(url)}"}
    # Here stands the call of your own API, such as a quality check of each model that was built.
    reply = requests.get(os.environ.get("API_URL", f"{url}/api/users/me"), headers=headers, timeout=10)
    reply.raise_for_status()
    print(f"{len(results) - len(failed)} of {len(results)} built; the API answered {reply.status_code}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
