"""AuthZEN 1.0 over HTTP, from what the metadata names: single questions, batches and their bounds."""

import pytest
import requests

ACTIONS = {"datastores:view": "datastore", "teams:list": "platform", "users:read": "platform", "no:such": "platform"}


@pytest.fixture
def endpoints(server):
    """What a client that knows the server's address alone finds."""
    return requests.get(f"{server.url}/.well-known/authzen-configuration", timeout=10).json()


@pytest.fixture
def robot(admin):
    """The handle of a Manager without teams of its own."""
    return admin.post("/api/users", {"name": "Robot", "role": "Manager"}).json()["user_id"]


@pytest.fixture
def ask(admin, endpoints):
    """Puts a question to one of the metadata's endpoints; the reply."""

    def ask(endpoint, body, client=admin, **headers):
        return client.session.post(endpoints[endpoint], json=body, headers=headers, timeout=30)

    return ask


def question(action, kind="platform", name="*"):
    return {"action": {"name": action}, "resource": {"type": kind, "id": name}}


def test_the_metadata_lead_to_both_endpoints(server, endpoints):
    assert endpoints["policy_decision_point"] == server.url
    assert endpoints["access_evaluation_endpoint"] == f"{server.url}/access/v1/evaluation"
    assert endpoints["access_evaluations_endpoint"] == f"{server.url}/access/v1/evaluations"


def test_one_by_one_and_in_a_batch_the_answers_are_the_same(ask, robot):
    subject = {"type": "user", "id": robot}
    questions = [question(action, kind) for action, kind in ACTIONS.items()]
    alone = [ask("access_evaluation_endpoint", {"subject": subject, **asked}).json() for asked in questions]
    batch = ask("access_evaluations_endpoint", {"subject": subject, "evaluations": questions}).json()["evaluations"]
    assert batch == alone
    assert [answer["decision"] for answer in alone] == [False, True, True, False]
    assert alone[3]["context"]["reason"] == "unknown_action"


def test_a_thousand_questions_are_answered_and_one_more_is_refused_whole(ask, robot):
    body = {"subject": {"type": "user", "id": robot}, "evaluations": [question("users:read")] * 1000}
    answers = ask("access_evaluations_endpoint", body).json()["evaluations"]
    assert [answer["decision"] for answer in answers] == [True] * 1000
    body["evaluations"].append(question("users:read"))
    refused = ask("access_evaluations_endpoint", body)
    assert refused.status_code == 400 and "at most 1000" in refused.json()["detail"]


@pytest.mark.parametrize(
    "semantic, decisions",
    [
        ("execute_all", [True, False, True]), ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ])
def test_a_batch_stops_where_it_is_told_to(ask, robot, semantic, decisions):
    body = {
        "subject": {"type": "user", "id": robot}, "options": {"evaluations_semantic": semantic},
        "evaluations": [question("users:read"), question("no:such"), question("teams:list")],
    }
    answers = ask("access_evaluations_endpoint", body).json()["evaluations"]
    assert [answer["decision"] for answer in answers] == decisions


def test_who_may_not_ask_is_told_so_and_the_request_keeps_its_name(server, admin, ask, robot):
    user = next(user for user in admin.all("/api/users") if user["user_id"] == robot)
    limited = {"name": "member", "user_id": user["id"], "expires_in_days": 1, "role": "Member"}
    member = server.client(admin.post("/api/user-tokens", limited).json()["bearer_token"])
    body = {"subject": {"type": "user", "id": robot}, **question("users:read")}
    named = ask("access_evaluation_endpoint", body, **{"X-Request-ID": "evening-check-1"})
    assert named.json()["decision"] and named.headers["X-Request-ID"] == "evening-check-1"
    assert ask("access_evaluation_endpoint", body, member).status_code == 403
    assert ask("access_evaluation_endpoint", body, server.client("nonsense")).status_code == 401
