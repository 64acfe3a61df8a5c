"""A copy that is taken while the server writes, put in place elsewhere, answers the same."""

import shutil
import sqlite3
import threading


def answers(client, tokens):
    """What the instance says of everything that is in it."""
    return {
        "users": client.all("/api/users?sort=created&include_deleted=true"),
        "teams": client.all("/api/teams"),
        "tokens": [
            {name: value for name, value in each.items() if name != "last_used"}
            for each in client.get("/api/user-tokens/service").json()],
        "events": [each for each in client.all("/api/activity")],
        "callers": [type(client)(client.url, token).get("/api/users/me", want=None).status_code for token in tokens],
    }


def populate(admin):
    tokens = []
    admin.post("/api/teams", {"name": "Loaders", "permission": "Author"})
    for number in range(30):
        user = admin.post("/api/users", {"name": f"Kept {number}", "role": "Member", "teams": ["Loaders"]}).json()
        issued = admin.post("/api/user-tokens", {"name": "one", "user_id": user["id"], "expires_in_days": 30}).json()
        tokens.append(issued["bearer_token"])
        if number % 3 == 0:
            admin.put(f"/api/user-tokens/{issued['id']}", {"revoke": True})
        if number % 5 == 0:
            admin.delete(f"/api/users/{user['id']}?revoke_tokens=true")
    return tokens


def without_use(told):
    """Last use goes on being written; everything else stands still."""
    for user in told["users"]:
        user.pop("last_used", None)
        user.pop("last_login", None)
    return told


def test_a_backup_answers_as_the_original_did(new_server, folder):
    server = new_server()
    token = server.bootstrap()
    server.start()
    admin = server.client(token)
    tokens = populate(admin)
    before = without_use(answers(admin, tokens))

    stop, written = threading.Event(), []

    def write():
        while not stop.is_set():
            name = f"During {len(written)}"
            server.client(token).post("/api/users", {"name": name, "role": "Member"})
            written.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    copy = folder / "backup.db"
    done = server.run("backup", copy, *server.storage)
    stop.set()
    writer.join()
    assert done.returncode == 0, done.stderr
    assert written, "nothing was written beside the backup: this proves little"
    assert server.run("backup", copy, *server.storage).returncode == 1, "an older backup was overwritten"

    restored = new_server()
    restored.data.mkdir(mode=0o700)
    shutil.copy(server.data / "keys.json", restored.data / "keys.json")
    done = restored.run("restore", copy, *restored.storage)
    assert done.returncode == 0, done.stderr
    restored.start()
    after = without_use(answers(restored.client(token), tokens))

    during = [each for each in after["users"] if each["name"].startswith("During")]
    assert [each["name"] for each in during] == written[: len(during)], "the copy is not of one moment"
    known = {each["id"] for each in before["users"]}
    assert [each for each in after["users"] if each["id"] in known] == before["users"]
    assert (after["teams"], after["tokens"], after["callers"]) == (before["teams"], before["tokens"], before["callers"])
    sequence = [each["seq"] for each in before["events"]]
    assert [each for each in after["events"] if each["seq"] in set(sequence)] == before["events"]


def test_a_damaged_backup_is_refused_and_changes_nothing(new_server, folder):
    server = new_server()
    token = server.bootstrap()
    good = folder / "good.db"
    assert server.run("backup", good, *server.storage).returncode == 0
    bad = folder / "bad.db"
    content = bytearray(good.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"\x5a" * 4096
    bad.write_bytes(content[:-1000])
    for file in [bad, server.data / "keys.json", folder / "missing.db"]:
        done = server.run("restore", file, *server.storage)
        assert done.returncode == 1 and "latchkey: error:" in done.stderr, f"{file}: {done.stderr}"
    server.start().client(token).get("/api/users/me")


def test_restore_is_refused_beside_a_running_server(new_server, folder):
    server = new_server()
    token = server.bootstrap()
    copy = folder / "copy.db"
    assert server.run("backup", copy, *server.storage).returncode == 0
    server.start()
    done = server.run("restore", copy, *server.storage)
    assert done.returncode == 1 and "stop" in done.stderr, done.stderr
    server.client(token).get("/api/users/me")


def test_what_was_there_stays_beside_what_is_restored(new_server, folder):
    server = new_server()
    token = server.bootstrap()
    copy = folder / "copy.db"
    assert server.run("backup", copy, *server.storage).returncode == 0
    server.start().client(token).post("/api/users", {"name": "After the backup", "role": "Member"})
    assert server.stop() == 0
    assert server.run("restore", copy, *server.storage).returncode == 0
    kept = server.data / "latchkey.db.before-restore"
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as database:
        names = [name for name, in database.execute("SELECT name FROM user_account")]
    assert "After the backup" in names
    users = server.start().client(token).all("/api/users")
    assert "After the backup" not in [user["name"] for user in users]
