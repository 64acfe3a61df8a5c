"""What Prometheus reads, read by its own client's parser."""

import requests
from prometheus_client.parser import text_string_to_metric_families

WANTED = {
    "latchkey_http_requests", "latchkey_http_request_duration_seconds", "latchkey_index_tokens", "latchkey_tokens",
    "latchkey_tokens_expiring", "latchkey_change_feed_lag", "latchkey_revocation_lag_seconds",
    "latchkey_last_backup_age_seconds", "latchkey_verifications",
}


def families(server):
    return {family.name: family for family in text_string_to_metric_families(server.metrics())}


def value(family, name, **labels):
    return sum(
        sample.value for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items())


def test_the_metrics_are_there_and_well_formed(server, admin):
    user = admin.post("/api/users", {"name": "Measured", "role": "Member"}).json()
    issued = admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 5}).json()
    for _ in range(5):
        server.client(issued["bearer_token"]).get("/api/users/me")
    server.client("wrong").get("/api/users/me", want=401)
    found = families(server)
    assert WANTED <= found.keys(), WANTED - found.keys()
    requests_, durations = found["latchkey_http_requests"], found["latchkey_http_request_duration_seconds"]
    asked = {"method": "GET", "route": "/api/users/me"}
    assert value(requests_, "latchkey_http_requests_total", status="200", **asked) == 5
    assert value(requests_, "latchkey_http_requests_total", status="401", **asked) == 1
    assert value(durations, "latchkey_http_request_duration_seconds_count", **asked) == 6
    assert value(durations, "latchkey_http_request_duration_seconds_bucket", le="+Inf", **asked) == 6
    assert value(found["latchkey_tokens"], "latchkey_tokens", state="active") == 2
    assert value(found["latchkey_tokens_expiring"], "latchkey_tokens_expiring", within_days="7") == 1
    for family in found.values():
        names = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        assert len(names) == len(set(names)), f"{family.name} says something twice"
        assert family.documentation


def test_a_backup_is_noticed(server, admin, folder):
    age = "latchkey_last_backup_age_seconds"
    assert value(families(server)[age], age) == float("inf")
    assert server.run("backup", folder / "copy.db", *server.storage).returncode == 0
    server.stop()
    server.start()
    assert value(families(server)[age], age) < 60


def test_metrics_are_not_served_where_the_api_is(server):
    assert requests.get(f"{server.url}/metrics", timeout=5).status_code in (401, 404)
