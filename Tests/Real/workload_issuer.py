"""An issuer of workloads' tokens on loopback, with the claims that the platforms' documents show.

It signs with RS256, as all three platforms do, and its discovery document names keys and no endpoint to sign in at.
"""

import json
import time
import uuid
from http.server import BaseHTTPRequestHandler

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from loopback import Loopback


class Key:
    def __init__(self, kid):
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def public(self):
        members = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**members, "kid": self.kid, "alg": "RS256", "use": "sig"}


class Issuer(Loopback):
    """Serves discovery document and keys; a test may replace what it answers at a path."""

    def __init__(self):
        self.key = Key("k1")
        self.answers = {}
        self.asked = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                issuer.answer(self)

            def log_message(self, *_):
                pass

        super().__init__(Handler)

    def answer(self, handler):
        path = handler.path.partition("?")[0]
        if path in self.answers:
            return self.answers[path](handler)
        documents = {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            },
            "/keys": {"keys": [self.key.public]},
        }
        reply(handler, documents.get(path), 200 if path in documents else 404)

    def token(self, claims, *, key=None, headers=None, without=()):
        now = int(time.time())
        whole = {"iss": self.url, "iat": now, "nbf": now - 5, "exp": now + 600, "jti": str(uuid.uuid4()), **claims}
        for name in without:
            del whole[name]
        key = key or self.key
        return jwt.encode(whole, key.private, algorithm="RS256", headers={"kid": key.kid, **(headers or {})})


def reply(handler, body, status=200, headers=()):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def github(audience, repository="acme/pipelines", ref="refs/heads/main"):
    """A job of GitHub Actions (docs.github.com, OpenID Connect reference)."""
    owner = repository.partition("/")[0]
    return {
        "sub": f"repo:{repository}:ref:{ref}", "aud": audience, "ref": ref, "ref_type": "branch",
        "repository": repository, "repository_owner": owner, "repository_id": "74", "repository_owner_id": "65",
        "repository_visibility": "private", "run_id": "3048", "run_number": "10", "run_attempt": "2",
        "actor": "octocat", "actor_id": "12", "workflow": "nightly", "event_name": "schedule",
        "job_workflow_ref": f"{repository}/.github/workflows/nightly.yml@{ref}", "runner_environment": "github-hosted",
        "sha": "f" * 40, "head_ref": "", "base_ref": "",
    }


def gitlab(audience, project="acme/pipelines", ref="main"):
    """A job of GitLab CI (docs.gitlab.com, ID token payload)."""
    return {
        "sub": f"project_path:{project}:ref_type:branch:ref:{ref}", "aud": audience, "project_path": project,
        "project_id": "22", "namespace_id": "72", "namespace_path": project.partition("/")[0], "user_id": "1",
        "user_login": "jane", "pipeline_id": "574", "pipeline_source": "push", "job_id": "302", "ref": ref,
        "ref_type": "branch", "ref_path": f"refs/heads/{ref}", "ref_protected": "true",
        "environment": "production", "environment_protected": "false", "runner_environment": "gitlab-hosted",
    }


def kubernetes(audience, namespace="jobs", account="nightly-load"):
    """A pod's projected service account token (kubernetes.io, Configure Service Accounts for Pods)."""
    return {
        "sub": f"system:serviceaccount:{namespace}:{account}", "aud": [audience],
        "kubernetes.io": {
            "namespace": namespace, "pod": {"name": "nightly-load-x", "uid": "p"},
            "serviceaccount": {"name": account, "uid": "s"}, "node": {"name": "n", "uid": "n"},
        },
    }
