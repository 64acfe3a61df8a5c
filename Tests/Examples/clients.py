"""The clients that the examples are written for, and how a test runs them."""

import json
import subprocess

import pytest

from program import ROOT, clean_environment

EXAMPLES = ROOT / "examples"
ENVIRONMENTS = ROOT / ".build-real/examples"


def attempt(*command, cwd=EXAMPLES, timeout=240, **variables):
    """Runs a client to its end; the finished process."""
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=timeout,
        stdin=subprocess.DEVNULL,
        env=clean_environment(PYTHONDONTWRITEBYTECODE="1", **{name: str(value) for name, value in variables.items()}))


def run(*command, **more):
    """The same where it must end well; what it wrote."""
    done = attempt(*command, **more)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout + done.stderr


def program(client, name):
    """A program of a client's own environment."""
    path = ENVIRONMENTS / client / "bin" / name
    if not path.exists():
        pytest.skip(f"{path} is not there: Scripts/examples-venv makes it")
    return path


def airflow_home(folder, url, token):
    """The environment in which Airflow has the connection of the example."""
    connection = {"conn_type": "http", "host": url, "extra": {"Authorization": f"Bearer {token}"}}
    return {
        "AIRFLOW_HOME": folder, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder}/airflow.db",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": EXAMPLES / "airflow/dags", "AIRFLOW_CONN_LATCHKEY": json.dumps(connection),
        "PATH": f"{ENVIRONMENTS / 'airflow/bin'}:/usr/bin:/bin",
    }
