"""A made-up organisation (`latchkey demo`), served: 40 people, 25 service users, tokens in every state."""

import json
from functools import cached_property

from program import Server

# Who can sign in there, by role.
ADMIN, MANAGER = "ada.okafor@example.com", "rafael.moreno@example.com"


class Organisation:
    """The running server, the password of its people, and the numbers of what stands in it."""

    def __init__(self, folder):
        self.server = Server(folder)
        done = self.server.run("demo", *self.server.storage, "--output", "json")
        assert done.returncode == 0, done.stderr
        self.password = json.loads(done.stdout)["password"]
        token = self.server.bootstrap("rescue@example.com", "--break-glass")
        self.server.start()
        self.api = self.server.client(token)

    @property
    def url(self):
        return self.server.url

    @cached_property
    def examples(self):
        """Numbers for the addresses of pages: {service}, {person}, {token} …"""
        users = self.api.all("/api/users")
        tokens = self.api.get("/api/user-tokens/service").json()
        teams = self.api.all("/api/teams")
        busy = next(each for each in tokens if (each["user"]["name"], each["name"]) == ("Airflow Production", "production"))
        return {
            "service": busy["user"]["id"],
            "gone": next(each["id"] for each in self.api.all("/api/users?include_deleted=true") if each["deleted_at"]),
            "person": next(each["id"] for each in users if each["email"] == "mei.tanaka@example.com"),
            "token": busy["id"],
            "revoked": next(each["id"] for each in tokens if each["status"] == "revoked"),
            "expired": next(each["id"] for each in tokens if each["status"] == "expired"),
            "team": next(each["id"] for each in teams if each["name"] == "Data Engineering"),
            "public": next(each["id"] for each in teams if each["name"] == "Public"),
        }
