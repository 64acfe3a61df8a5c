"""How it is put on the network: TLS, addresses, settings and where they come from."""

import datetime
import ipaddress
import json
import socket
import ssl
import subprocess
import time

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from program import eventually


def write_certificate(folder, name, host="127.0.0.1"):
    """A self-signed certificate for an address and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=9)).add_extension(address, False).sign(key, hashes.SHA256()))
    (folder / "chain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate.serial_number


def shown_serial(port):
    """The serial number of the certificate that the server shows."""
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain, context.wrap_socket(plain) as connection:
        return x509.load_der_x509_certificate(connection.getpeercert(True)).serial_number


def answers_over_tls(server, folder):
    try:
        reply = requests.get(
            f"https://127.0.0.1:{server.port}/api/health", verify=str(folder / "chain.pem"), timeout=5)
        return reply.status_code == 204
    except requests.ConnectionError:
        assert server.process.poll() is None, server.logged()
        return False


def test_tls_is_served_and_new_certificates_are_taken_up(new_server, folder):
    first = write_certificate(folder, "first")
    files = ["--tls-certificate", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem")]
    server = new_server(None, *files)
    server.spawn()
    eventually(lambda: answers_over_tls(server, folder), within=20)
    assert shown_serial(server.port) == first
    second = write_certificate(folder, "second")
    eventually(lambda: shown_serial(server.port) == second, within=20, every=0.3)
    assert answers_over_tls(server, folder)
    token = server.bootstrap()
    me = requests.get(
        f"https://127.0.0.1:{server.port}/api/users/me", verify=str(folder / "chain.pem"), timeout=5,
        headers={"Authorization": f"Bearer {token}"})
    assert me.json()["role"] == "Admin"
    assert server.stop() == 0


def test_commands_trust_the_authority_that_they_are_told_of(new_server, folder):
    write_certificate(folder, "private")
    chain = str(folder / "chain.pem")
    server = new_server(None, "--tls-certificate", chain, "--tls-key", str(folder / "key.pem"))
    token = server.bootstrap()
    server.spawn()
    eventually(lambda: answers_over_tls(server, folder), within=20)

    def whoami(*arguments, **environment):
        given = dict(LATCHKEY_TOKEN=token, LATCHKEY_URL=f"https://127.0.0.1:{server.port}", **environment)
        return server.run("whoami", *arguments, environment=given, timeout=8)

    stranger = whoami()
    assert stranger.returncode == 1 and "does not trust its certificate" in stranger.stderr, stranger.stderr
    assert "--ca-file" in stranger.stderr and ".swift" not in stranger.stderr, stranger.stderr
    assert whoami("--ca-file", chain).returncode == 0
    assert whoami(SSL_CERT_FILE=chain).returncode == 0
    key = whoami("--ca-file", str(folder / "key.pem"))
    assert key.returncode == 1 and "no certificates in PEM" in key.stderr, key.stderr
    write_certificate(folder, "elsewhere", host="127.0.0.2")
    eventually(lambda: "for another name" in whoami("--ca-file", chain).stderr, within=20, every=0.3)
    assert server.stop() == 0


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_gateways_and_introspection_are_answered_over_tls(new_server, folder, version):
    write_certificate(folder, "first")
    server = new_server(None, "--tls-certificate", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem"))
    server.spawn()
    eventually(lambda: answers_over_tls(server, folder), within=20)
    token = server.bootstrap()
    base = f"https://127.0.0.1:{server.port}"
    common = ["--cacert", str(folder / "chain.pem"), "-H", f"Authorization: Bearer {token}",
              "--http1.1" if version == "1.1" else "--http2", "-sS", "-o", "/dev/null",
              "-w", "%{http_code} %{http_version} %{num_connects}\\n"]
    gateway = ["-H", "X-Original-Method: GET", "-H", "X-Original-URI: /api/users/me"]
    run = subprocess.run(
        ["curl", *common, *gateway, base + "/authz", base + "/authz", "-o", "/dev/null", "--next", *common,
         "--data-urlencode", f"token={token}", base + "/oauth2/introspect"], capture_output=True, text=True, timeout=30)
    # All three over one connection.
    assert run.stdout.split("\n")[:3] == [f"200 {version} 1", f"200 {version} 0", f"200 {version} 0"], run.stderr
    assert server.stop() == 0


def test_the_network_is_not_served_in_the_clear(new_server):
    server = new_server(None, "--host", "0.0.0.0")
    done = server.run(*server.command[1:], timeout=20)
    assert done.returncode == 1
    assert "TLS" in done.stderr and "--behind-proxy" in done.stderr, done.stderr
    assert not server.data.exists(), "a refused start leaves nothing behind"


@pytest.mark.parametrize("proxies", [[], ["--trusted-proxies", "127.0.0.1"]])
def test_a_proxy_that_nobody_named_is_warned_of(new_server, proxies):
    server = new_server(None, "--public-url", "https://latchkey.example.com", *proxies).start()
    assert ("name the proxy" in server.logged()) == (not proxies), server.logged()
    assert server.stop() == 0


def test_a_port_that_is_taken_is_said_in_words(new_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = new_server()
        server.port = taken.getsockname()[1]
        done = server.run(*server.command[1:], timeout=20)
    assert done.returncode == 1 and "taken" in done.stderr, done.stderr


def test_settings_come_from_flag_variable_and_file_in_this_order(new_server, folder):
    file = folder / "latchkey.yaml"
    file.write_text("port: 7001\nlog-level: debug\ntoken:\n  longest-life-days: 30\n")
    done = new_server().run(
        "serve", "--print-config", "--config", file, "--port", "7003", "--output", "json",
        environment={"LATCHKEY_PORT": "7002", "LATCHKEY_LOG_LEVEL": "warning"})
    assert done.returncode == 0, done.stderr
    shown = {each["setting"]: (each["value"], each["origin"]) for each in json.loads(done.stdout)}
    assert shown["port"] == ("7003", "--port")
    assert shown["log-level"] == ("warning", "LATCHKEY_LOG_LEVEL")
    assert shown["token.longest-life-days"] == ("30", str(file))
    assert shown["host"] == ("127.0.0.1", "default")


@pytest.mark.parametrize(
    "arguments, environment, content",
    [
        (["--prot", "80"], {}, ""),
        ([], {"LATCHKEY_PROT": "80"}, ""),
        ([], {}, "prot: 80\n"),
        (["--port", "eighty"], {}, ""),
        ([], {}, "port: [1\n"),
    ],
)
def test_a_setting_that_is_none_is_an_error(new_server, folder, arguments, environment, content):
    file = folder / "latchkey.yaml"
    file.write_text(content)
    done = new_server().run("serve", "--print-config", "--config", file, *arguments, environment=environment)
    assert done.returncode == 2, f"{done.returncode} {done.stdout} {done.stderr}"
    assert done.stderr.startswith("latchkey: error:"), done.stderr


def test_the_limits_of_the_instance_hold(new_server):
    server = new_server(None, "--token-longest-life-days", "30", "--no-token-never-allowed").start()
    admin = server.client(server.bootstrap())
    user = admin.post("/api/users", {"name": "Short", "role": "Member"}).json()
    for days in [31, None, 0, -1, 366]:
        body = {"name": f"t{days}", "user_id": user["id"], "expires_in_days": days}
        assert admin.post("/api/user-tokens", body, want=None).status_code == 422, days
    for days in [1, 30]:
        admin.post("/api/user-tokens", {"name": f"t{days}", "user_id": user["id"], "expires_in_days": days})


def test_a_handshake_that_does_not_end_is_cut_off(new_server, folder):
    write_certificate(folder, "first")
    server = new_server(None, "--tls-certificate", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem"))
    server.spawn()
    eventually(lambda: answers_over_tls(server, folder), within=20)
    began = time.monotonic()
    silent, half = (socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(2))
    half.sendall(bytes.fromhex("16030100c8010000c40303"))
    assert silent.recv(1) == b"" and half.recv(1) == b""
    assert 5 < time.monotonic() - began < 20
    assert answers_over_tls(server, folder)
    assert server.stop() == 0


def test_a_stream_that_is_not_read_is_ended_and_the_others_go_on(new_server, folder):
    """HTTP/2 by hand (RFC 9113), because no client leaves an answer lying: a window of one byte."""
    write_certificate(folder, "first")
    server = new_server(None, "--tls-certificate", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem"))
    server.spawn()
    eventually(lambda: answers_over_tls(server, folder), within=20)

    def frame(kind, flags, stream, content):
        return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content

    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2"])
    path = b"/api/openapi.json"
    head = b"\x82\x87\x04" + bytes([len(path)]) + path + b"\x01\x01h"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as plain, context.wrap_socket(plain) as wire:
        wire.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"\x00\x04\x00\x00\x00\x01"))
        wire.sendall(frame(4, 1, 0, b"") + frame(1, 5, 1, head))
        reader, kinds = wire.makefile("rb"), []
        while 3 not in kinds and (start := reader.read(9)):
            kinds.append(start[3])
            reader.read(int.from_bytes(start[:3], "big"))
            assert answers_over_tls(server, folder)
    assert {1, 3} <= set(kinds), kinds
    assert server.stop() == 0
