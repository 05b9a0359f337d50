"""The command line as a person meets it: texts, exit codes, and nothing half-done."""

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import ORIGIN, Shell, base, empty, shell

__all__ = ["base", "empty", "shell"]

SOUND, FOUND, CANNOT = 0, 1, 2


def test_init_creates_a_ledger_that_only_its_owner_can_read(empty: Shell) -> None:
    done = empty.run("init", "--origin", ORIGIN)
    assert done.returncode == SOUND
    assert f"{ORIGIN}+" in done.stdout  # the key to publish
    for path in (empty.data_dir / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    report = json.loads(empty.run("audit", "verify", "--json").stdout)
    assert (report["ok"], report["size"], report["log"]) == (True, 2, ORIGIN)


def test_init_again_changes_nothing(empty: Shell) -> None:
    empty.init()
    before = empty.files()
    for origin in (ORIGIN, "other.example/log/1"):
        done = empty.run("init", "--origin", origin)
        assert done.returncode == CANNOT
        assert "already" in done.stderr
    assert empty.files() == before


def test_init_asks_for_an_origin(empty: Shell) -> None:
    done = empty.run("init")
    assert (done.returncode, empty.files()) == (CANNOT, {})
    assert "--origin" in done.stderr


def test_init_takes_the_origin_from_the_environment(empty: Shell) -> None:
    assert empty.run("init", LEDGER_ORIGIN=ORIGIN).returncode == SOUND
    assert (empty.data_dir / "origin").read_text() == f"{ORIGIN}\n"


@pytest.mark.parametrize("origin", ["", "two words", 'quo"te'])
def test_init_refuses_an_origin_that_cannot_be_a_name(empty: Shell, origin: str) -> None:
    done = empty.run("init", "--origin", origin)
    assert (done.returncode, empty.files()) == (CANNOT, {})
    assert "ledger.example.gov.cn" in done.stderr  # what one looks like


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEDGER_CLOCK_BOUND_S", "-1"),
        ("LEDGER_ORIGIN", "two words"),
        ("LEDGER_DATABASE_URL", "junk"),
        ("LEDGER_DATABASE_URL", "mysql://nobody@127.0.0.1/none"),
        ("LEDGER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(empty: Shell, name: str, value: str) -> None:
    done = empty.run("init", "--origin", ORIGIN, **{name: value})
    assert done.returncode == CANNOT
    assert name in done.stderr
    assert "keys" not in {part for file in empty.files() for part in Path(file).parts}


def test_without_a_ledger_there_is_nothing_to_verify(empty: Shell) -> None:
    for args in (["audit", "verify"], ["serve"], ["audit", "prove", 0]):
        done = empty.run(*args)
        assert done.returncode == CANNOT
        assert "ledger init" in done.stderr


@pytest.mark.parametrize(
    ("key", "how"), [("log.key", "junk"), ("seal.key", "open to others"), ("vault.key", "junk")]
)
def test_a_key_file_that_cannot_be_trusted_is_named(shell: Shell, key: str, how: str) -> None:
    path = shell.data_dir / "keys" / key
    if how == "junk":
        path.write_text("junk\n")
    else:
        path.chmod(0o644)
    # Who audits needs no key that signs.
    done = shell.run("audit", *(["prove", 0] if key == "log.key" else ["verify"]))
    assert done.returncode == CANNOT
    assert str(path) in done.stderr
    assert done.stdout == ""


def test_an_auditor_needs_no_secret(shell: Shell) -> None:
    """Given a copy of the data folder without its keys, and a policy from elsewhere."""
    for path in (shell.data_dir / "keys").iterdir():
        path.unlink()
    trusted = shell.data_dir.parent / "trusted"
    (shell.data_dir / "policy").rename(trusted)
    done = shell.run("audit", "verify", "--json", LEDGER_POLICY_FILE=str(trusted))
    assert done.returncode == SOUND
    unchecked = {each["code"] for each in json.loads(done.stdout)["unchecked"]}
    assert "head_seal_without_key" in unchecked
    assert "key_not_trusted" not in unchecked


def test_the_report_has_the_published_form(shell: Shell) -> None:
    done = shell.run("audit", "verify", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == SOUND
    assert set(report) == {
        *("ok", "scope", "log", "size", "root", "findings", "unchecked", "seconds"),
        "not_listed",
    }
    assert report["ok"] is True
    assert (report["scope"], report["log"], report["size"]) == ("database", ORIGIN, 300)
    assert len(bytes.fromhex(report["root"])) == 32
    assert (report["findings"], report["not_listed"]) == ([], {})
    assert report["unchecked"] == [
        {"code": "not_witnessed", "detail": "", "count": 2},
        {"code": "key_not_trusted", "detail": "", "count": 1},
    ]
    assert isinstance(report["seconds"], float)


def test_findings_have_the_published_form_and_exit_1(shell: Shell) -> None:
    shell.lie("UPDATE entries SET leaf = x'00' WHERE seq = 77")
    done = shell.run("audit", "verify", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (FOUND, False)
    (finding,) = report["findings"]
    assert set(finding) == {"code", "seq", "detail", "want", "got"}
    assert (finding["code"], finding["seq"], finding["got"]) == ("leaf_differs", 77, "00")
    text = shell.run("audit", "verify")
    assert text.returncode == FOUND
    assert text.stdout.startswith("NOT SOUND: 1 findings in 300 entries")
    assert "leaf_differs  seq 77" in text.stdout


def test_from_counts_what_was_not_read(shell: Shell) -> None:
    report = json.loads(shell.run("audit", "verify", "--json", "--from", 200).stdout)
    assert {"code": "not_read_again", "detail": "", "count": 200} in report["unchecked"]


@pytest.mark.parametrize("env", [{"LANG": "zh_CN.UTF-8"}, {"LEDGER_LANGUAGE": "zh"}])
def test_it_speaks_chinese(empty: Shell, env: dict[str, str]) -> None:
    done = empty.run("audit", "verify", **env)
    assert done.returncode == CANNOT
    assert "账本" in done.stderr


def test_the_language_may_stand_in_the_settings_file(empty: Shell) -> None:
    (empty.folder / ".env").write_text("LEDGER_LANGUAGE=zh\n")
    assert "账本" in empty.run("audit", "verify").stderr


def test_findings_are_told_in_chinese(shell: Shell) -> None:
    shell.lie("UPDATE entries SET plain = NULL WHERE seq = 77")
    done = shell.run("audit", "verify", LANG="zh_CN.UTF-8")
    assert done.returncode == FOUND
    assert done.stdout.startswith("不完好:300 条条目中有 1 项发现")


def test_a_file_that_is_no_database_is_no_finding(shell: Shell) -> None:
    (shell.data_dir / "log.sqlite").write_bytes(b"no database" * 1_000)
    done = shell.run("audit", "verify", "--json")
    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert "LEDGER_DATABASE_URL" in done.stderr


def test_a_dropped_table_is_no_finding(shell: Shell) -> None:
    shell.lie("DROP TABLE boxes")
    done = shell.run("audit", "verify", "--json")
    assert (done.returncode, done.stdout) == (CANNOT, "")


def test_what_nobody_foresaw_exits_2_and_not_1(shell: Shell) -> None:
    script = (
        "import sys; import ledger.cli as cli; from ledger.commands import auditing\n"
        "def boom(settings): raise RuntimeError('nobody foresaw this')\n"
        "auditing.open_ledger = boom\n"
        "sys.argv[1:] = ['audit', 'verify']\n"
        "cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=shell.folder,
        env=shell.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == CANNOT
    assert "nobody foresaw this" in done.stderr


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Too many files are open"), ("zh", "同时打开的文件过多")]
)
def test_files_that_run_out_where_no_command_looks_are_no_traceback(
    empty: Shell, language: str, said: str
) -> None:
    script = (
        "import resource; import ledger.cli as cli\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (6, 6))\n"
        "cli.app = lambda: [open('/dev/null') for _ in range(9)]\n"
        "cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=empty.folder,
        env=empty.environment(LEDGER_LANGUAGE=language),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert said in done.stderr
    assert "ulimit -n" in done.stderr  # what to do next
    assert "Traceback" not in done.stderr


def test_a_wrong_option_exits_2(empty: Shell) -> None:
    for args in (["audit", "verify", "--from", "-1"], ["nonsense"], ["audit", "check"]):
        assert empty.run(*args).returncode == CANNOT


def test_a_bar_is_drawn_for_a_person_and_never_into_a_file(shell: Shell) -> None:
    assert shell.run("audit", "verify", "--json").stderr == ""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell.command("audit", "verify", "--json"),
        cwd=shell.folder,
        env=shell.environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    while chunk := _read(ours):
        drawn += chunk
    os.close(ours)
    stdout, _ = process.communicate(timeout=60)
    assert "━".encode() in drawn
    assert json.loads(stdout)["ok"] is True


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # the other end is closed
        return b""


def test_postgresql_works_by_its_url(empty: Shell, postgres_url: str) -> None:
    empty.env = {"LEDGER_DATABASE_URL": postgres_url.replace("+psycopg2", "")}
    empty.init()
    empty.append(299)
    report = json.loads(empty.run("audit", "verify", "--json").stdout)
    assert (report["ok"], report["size"]) == (True, 300)
    assert empty.run("audit", "export", "out", "--facts").returncode == SOUND
    checked = empty.run("audit", "check", "out", "--json")
    assert (checked.returncode, json.loads(checked.stdout)["size"]) == (SOUND, 300)
    assert not (empty.data_dir / "log.sqlite").exists()
