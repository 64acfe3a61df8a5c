"""PostgreSQL over TLS: the certificate is checked as libpq's own settings say, and what is wrong is said in words."""

import os
import subprocess
from urllib.parse import urlsplit

import pytest

from program import POSTGRES

AUTHORITY = os.environ.get("LATCHKEY_TEST_POSTGRES_CA")

pytestmark = [
    pytest.mark.parametrize("engine", ["postgres"], indirect=True),
    pytest.mark.skipif(
        not AUTHORITY, reason="LATCHKEY_TEST_POSTGRES_CA is not set: Tests/postgres/with-postgres sets it"),
]


def over_tls(url, authority, host="localhost"):
    parts = urlsplit(url)
    address = parts.netloc.replace("127.0.0.1", host)
    return parts._replace(netloc=address, query=f"sslmode=verify-full&sslrootcert={authority}").geturl()


def encrypted_connections(name):
    said = subprocess.check_output(
        ["psql", POSTGRES, "-Atc", "SELECT COUNT(*) FILTER (WHERE s.ssl), COUNT(*) FROM pg_stat_ssl s "
         f"JOIN pg_stat_activity a USING (pid) WHERE a.datname = '{name}'"], text=True)
    encrypted, all_of_them = said.strip().split("|")
    return int(encrypted), int(all_of_them)


@pytest.fixture
def stranger(folder):
    """A certificate of an authority that signed nothing here."""
    path = folder / "stranger.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=stranger", "-keyout", folder / "stranger.key", "-out", path], check=True, capture_output=True)
    return path


def test_it_serves_over_tls_alone_when_told_to(new_server, engine):
    server = new_server(over_tls(engine, AUTHORITY)).start()
    admin = server.client(server.bootstrap())
    admin.post("/api/users", {"name": "Over TLS", "role": "Member"})
    encrypted, all_of_them = encrypted_connections(urlsplit(engine).path[1:])
    assert encrypted == all_of_them > 0
    assert server.stop() == 0


@pytest.mark.parametrize("wrong", ["authority", "name", "missing"])
def test_a_certificate_that_does_not_check_is_refused_in_words(new_server, engine, stranger, folder, wrong):
    url = {
        "authority": over_tls(engine, stranger),
        "name": over_tls(engine, AUTHORITY, "127.0.0.1"),
        "missing": over_tls(engine, folder / "nowhere.pem"),
    }[wrong]
    server = new_server(url)
    done = server.run(*server.command[1:], timeout=60)
    assert done.returncode == 1, done.stderr
    said = done.stderr + done.stdout
    assert "latchkey: error:" in said and "latchkey:latchkey" not in said, said
    told = {"authority": "certificate verify failed", "name": "does not match host name", "missing": "nowhere.pem"}[wrong]
    assert told in said, said
