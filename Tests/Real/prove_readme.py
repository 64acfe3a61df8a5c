"""The README's first minute, typed as it stands there."""

import os
import re
import subprocess

from program import BINARY, ROOT, clean_environment


def first_minute():
    section = (ROOT / "README.md").read_text().split("## The first token in a minute")[1].split("\n## ")[0]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL).group(1)


def test_the_first_minute_works_as_written(new_server, folder):
    server = new_server().start()
    script = first_minute()
    assert "latchkey admin bootstrap" in script and script.count("http://127.0.0.1:8080") == 2
    here = script.replace("http://127.0.0.1:8080", server.url).replace("$PWD/.build/release", str(BINARY.parent))
    (folder / "var").symlink_to(server.data)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", here], cwd=folder, capture_output=True, text=True, timeout=60,
        env=clean_environment(LATCHKEY_URL=server.url))
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"user_id":"nightly_load@service"' in done.stdout.replace(": ", ":"), done.stdout
    assert "HTTP/1.1 401" in done.stdout, done.stdout


def test_help_and_version_need_nothing(folder):
    for arguments in [["--help"], ["--version"], ["tokens", "--help"], ["serve", "--help"]]:
        done = subprocess.run(
            [str(BINARY), *arguments], capture_output=True, text=True, timeout=20, cwd=folder, env=clean_environment())
        assert done.returncode == 0 and done.stdout, f"{arguments}: {done.stderr}"
    assert not os.listdir(folder), "asking for help made files"
