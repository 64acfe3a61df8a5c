"""Reads what Latchkey knows of datastores, with the token of an Airflow connection.

    airflow connections add latchkey --conn-type http --conn-host https://latchkey.example.com \
        --conn-extra '{"Authorization": "Bearer eyJ…"}'

A connection's extras are sent as headers. Keep the token in a secrets backend (AIRFLOW__SECRETS__BACKEND) rather than
in Airflow's own database, and rotate it there: tasks read the connection anew at each run.
"""

import pendulum
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import dag, task

CONNECTION = "latchkey"


@dag(schedule="@hourly", start_date=pendulum.datetime(2026, 1, 1), catchup=False, tags=["latchkey"])
def latchkey_catalog():
    @task(retries=2, retry_delay=pendulum.duration(seconds=30))
    def whoami() -> str:
        """Fails early, and with a clear message, when the token is revoked, expired or another's."""
        me = HttpHook(method="GET", http_conn_id=CONNECTION).run("api/users/me").json()
        if me["user_type"] != "Service":
            raise ValueError(f"{me['user_id']} is a person: give Airflow a service user of its own")
        return me["user_id"]

    @task(retries=2, retry_delay=pendulum.duration(seconds=30))
    def datastores(user: str) -> list[str]:
        hook = HttpHook(method="GET", http_conn_id=CONNECTION)
        items = hook.run("api/resources", data={"kind": "datastore", "size": 100}).json()["items"]
        print(f"{user} sees {len(items)} datastores")
        return [item["name"] for item in items]

    datastores(whoami())


latchkey_catalog()
