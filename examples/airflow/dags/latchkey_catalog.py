"""Reads what Latchkey knows of datastores, with the token of an Airflow connection.

The connection is a variable of the environment of scheduler and workers, filled from a secret, so that the token is on
no command line and not in Airflow's database:

    AIRFLOW_CONN_LATCHKEY='{"conn_type": "http", "host": "https://latchkey.example.com",
                            "extra": {"Authorization": "Bearer eyJ…"}}'

A connection's extras are sent as headers. With a secrets backend (AIRFLOW__SECRETS__BACKEND) the same JSON lies there;
tasks read the connection anew at each run, so rotate the token where the secret is.
"""

import pendulum
from airflow.providers.http.hooks.http import HttpHook
from airflow.sdk import dag, task

RETRIES = {"retries": 2, "retry_delay": pendulum.duration(seconds=30)}


def ask(path, **query):
    """The hook logs why a call is refused and fails the task. By itself it would wait for an answer without end."""
    return HttpHook("GET", "latchkey").run(path, data=query, extra_options={"timeout": 10}).json()


@dag(schedule="@hourly", start_date=pendulum.datetime(2026, 1, 1), catchup=False, tags=["latchkey"])
def latchkey_catalog():
    @task(**RETRIES)
    def whoami() -> str:
        """Fails early, and with a clear message, when the token is revoked, expired or another's."""
        me = ask("api/users/me")
        if me["user_type"] != "Service":
            raise ValueError(f"{me['user_id']} is a person: give Airflow a service user of its own")
        return me["user_id"]

    @task(**RETRIES)
    def datastores(user: str) -> list[str]:
        names, page, pages = [], 1, 1
        while page <= pages:
            part = ask("api/resources", kind="datastore", size=100, page=page)
            names += [item["name"] for item in part["items"]]
            page, pages = page + 1, part["pages"]
        print(f"{user} sees {len(names)} datastores")
        return names

    datastores(whoami())


latchkey_catalog()
