"""Writes into Alation which teams reach each datastore.

    LATCHKEY_URL=… LATCHKEY_USER=catalog@service LATCHKEY_TOKEN=… \
    ALATION_URL=… ALATION_REFRESH_TOKEN=… ALATION_USER_ID=… ALATION_FIELD_ID=… python alation_sync.py

A datastore's external id in Latchkey is the number of the data source in Alation. ALATION_FIELD_ID is a custom field of
rich text on data sources. Alation gives an access token of its own for a refresh token.
"""

import html
import os

import requests

from datastores import datastores_with_access


def alation_session(url):
    reply = requests.post(
        f"{url}/integration/v1/createAPIAccessToken/",
        json={"refresh_token": os.environ["ALATION_REFRESH_TOKEN"], "user_id": int(os.environ["ALATION_USER_ID"])},
        timeout=10,
    )
    reply.raise_for_status()
    session = requests.Session()
    session.headers["TOKEN"] = reply.json()["api_access_token"]
    return session


def main():
    values = []
    for datastore, sentence in datastores_with_access():
        values.append(
            {
                "field_id": int(os.environ["ALATION_FIELD_ID"]),
                "otype": "data",
                "oid": int(datastore["external_id"]),
                "value": f"<p>{html.escape(sentence)}</p>",
            }
        )
        print(f"{datastore['name']}: {sentence}")
    # Alation hears of nothing before all of it is known.
    url = os.environ["ALATION_URL"]
    reply = alation_session(url).put(f"{url}/integration/v2/custom_field_value/async/", json=values, timeout=30)
    reply.raise_for_status()


if __name__ == "__main__":
    main()
