"""schemathesis: the OpenAPI document, held against the server by generated requests, right and wrong ones."""

import os
import random
import shlex
import subprocess
import sys
from pathlib import Path

from program import BINARY, DEEP, clean_environment

HERE = Path(__file__).parent

# One worker: CPython 3.11 parses lambdas wrongly in two threads at once (python/cpython#106905).
#
# Not asked: what a schema cannot say. A name that is taken, a team that is not there and an id that nobody has are
# refused although the body is as the document wants it.
LEFT_OUT = "positive_data_acceptance"


def populate(admin):
    """Things with small numbers, so that generated numbers hit something."""
    for number in range(1, 21):
        user = admin.post("/api/users", {"name": f"Load {number}", "role": "Member"}).json()
        token = {"name": "one", "user_id": user["id"], "expires_in_days": 30}
        issued = admin.post("/api/user-tokens", token).json()
        if number % 2 == 0:
            admin.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
        admin.post("/api/resources", {"kind": "datastore", "name": f"Store {number}"})
        admin.post("/api/teams", {"name": f"Team {number}", "permission": "Viewer", "user_ids": [user["id"]]})


def test_generated_requests_find_no_lie_in_the_document(new_server):
    server = new_server(None, "--log-level", "warning").start()
    populate(server.client(server.bootstrap("keeper@example.com")))
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(2**31)))
    examples = int(os.environ.get("EXAMPLES", 1000 if DEEP else 100))
    print(f"schemathesis: seed {seed}, {examples} examples; again: SEED={seed} make test-real FILTER=generated")
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "run",
        f"{server.url}/api/openapi.json", "--seed", str(seed), "--max-examples", str(examples), "--workers", "1",
        "--exclude-checks", LEFT_OUT, "--generation-database", "none", "--no-color", "--continue-on-failure",
        "--request-timeout", "30",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=3000, cwd=server.data.parent,
        env=clean_environment(
            SCHEMATHESIS_HOOKS="schemathesis_hooks", PYTHONPATH=str(HERE),
            BOOTSTRAP_COMMAND=shlex.join([str(BINARY), "admin", "bootstrap", "--break-glass", *server.storage])))
    print(done.stdout[-30_000:], done.stderr[-3000:])
    assert done.returncode == 0, f"schemathesis found something (seed {seed})"
    assert server.process.poll() is None
