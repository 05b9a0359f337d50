"""`ledger import` as a person runs it: she signs in, and is told row by row."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.application.filing import text, workbook
from tests.shell import Shell
from tests.test_sandbox import Told

HEAD = ("登记编号", "服务日期", "服务时段", "服务内容", "服务评价", "评价日期", "评语")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return a sandbox, in which records of several tests do not meet."""
    shell = Shell(tmp_path_factory.mktemp("importing"))
    done = shell.run("sandbox")
    assert done.returncode == 0, done.stderr
    made = Told(shell, done.stdout)
    (shell.folder / "password").write_text(made["PASSWORD"] + "\n", "utf-8")
    return made


def row(
    told: Told, span: str, volunteer: str = "VOLUNTEER_1", **changes: str
) -> tuple[str, ...]:
    day = told["DAY"]
    said = dict(
        zip(HEAD, (told[f"{volunteer}_ID"], day, span, "助老", "5", day, ""), strict=True)
    )
    return tuple((said | changes).values())


def words(told: Told, path: Path, *options: str) -> list[str]:
    return [
        "import",
        str(path),
        "--organization",
        told["ENTRUSTED"],
        "--recorder",
        told["ENTRUSTED_RECORDER"],
        "--password-file",
        "password",
        "--activity",
        told["ACTIVITY"],
        *options,
    ]


def run(told: Told, path: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    env = {"LEDGER_DATA_DIR": str(told.folder), "LEDGER_LANGUAGE": "zh"}
    return told.shell.run(*words(told, path, *options), **env)


def test_a_file_is_imported_once(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "登记表.xlsx"
    path.write_bytes(workbook(HEAD, row(told, "上午6点-7点半")).getvalue())
    dry = run(told, path, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "试运行" in dry.stdout
    first = run(told, path, "--json")
    assert first.returncode == 0, first.stderr
    outcome, end = map(json.loads, first.stdout.splitlines())
    assert (outcome["status"], end["summary"]["accepted"]) == ("accepted", 1)
    again = run(told, path)
    assert again.returncode == 0
    assert outcome["record"] in again.stdout
    env = {"LEDGER_DATA_DIR": str(told.folder)}
    assert told.shell.run("audit", "verify", **env).returncode == 0


def test_some_refused_rows_exit_1(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    rows = (row(told, "5:00-5:30"), row(told, "9-11"))
    path.write_bytes(text(HEAD, *rows, encoding="gb18030").getvalue())
    done = run(told, path)
    assert done.returncode == 1, done.stderr
    assert "单元格 C3" in done.stdout
    assert "拒绝 1 行" in done.stdout


def test_a_file_that_is_none_exits_2(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "page.xlsx"
    path.write_bytes(b"<html>")
    done = run(told, path)
    assert done.returncode == 2
    assert "file_is_no_table" in done.stderr


def test_only_who_signs_in_imports(told: Told, tmp_path: Path) -> None:
    (told.shell.folder / "wrong").write_text("不是这个密码", "utf-8")
    path = tmp_path / "rows.csv"
    path.write_bytes(text(HEAD, row(told, "4:00-4:30")).getvalue())
    for options, code in (
        (("--password-file", "wrong"), "sign_in_is_refused"),
        (("--recorder", told["ENTRUSTED_RESPONSIBLE"]), "actor_has_no_such_role"),
    ):
        done = run(told, path, *options)
        assert done.returncode == 2, done.stdout
        assert code in done.stderr
    done = run(told, path, "--organization", "nobody")
    assert done.returncode == 2


def test_what_was_copied_from_paper_says_what_it_waits_for(told: Told, tmp_path: Path) -> None:
    path = tmp_path / "paper.csv"
    path.write_bytes(text(HEAD, row(told, "3:00-3:30")).getvalue())
    done = run(told, path, "--paper", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    assert summary["carrier"] == "paper"
    assert "扫描件" in run(told, path, "--paper").stdout
    assert "import_carrier_is_another" in run(told, path).stderr
    words = [
        "import-reconcile",
        summary["id"],
        "--organization",
        told["ENTRUSTED"],
        "--person",
        told["ENTRUSTED_REVIEWER"],
        "--password-file",
        "password",
    ]
    env = {"LEDGER_DATA_DIR": str(told.folder), "LEDGER_LANGUAGE": "zh"}
    shown = told.shell.run(*words, **env)
    assert shown.returncode == 1, shown.stderr
    assert "待附扫描件" in shown.stdout
    assert "scan_is_missing" in shown.stdout
    numbers = json.loads(told.shell.run(*words, "--json", **env).stdout)["numbers"]
    assert (numbers["rows"], numbers["counts"]["records"]) == (1, 1)
    words[1] = told["ACTIVITY"]
    assert told.shell.run(*words, **env).returncode == 2


def test_a_process_that_is_killed_is_run_again(told: Told, tmp_path: Path) -> None:
    """Of 1,200 rows, nothing is lost that was told, and nothing is entered twice."""
    path = tmp_path / "many.csv"
    spans = [
        f"{minute // 60}:{minute % 60:02}-{minute // 60}:{minute % 60 + 1:02}"
        for minute in range(8 * 60, 20 * 60)
        if minute % 60 < 58
    ]
    rows = [row(told, span, name) for name in ("VOLUNTEER_2", "VOLUNTEER_3") for span in spans]
    path.write_bytes(text(HEAD, *rows).getvalue())
    env = told.shell.environment(LEDGER_DATA_DIR=str(told.folder))
    command = told.shell.command(*words(told, path, "--json"))
    with subprocess.Popen(
        command, cwd=told.shell.folder, env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        before = [json.loads(process.stdout.readline()) for _ in range(250)]
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    done = run(told, path, "--json")
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    *outcomes, end = map(json.loads, done.stdout.splitlines())
    assert [each["record"] for each in before] == [each["record"] for each in outcomes[:250]]
    assert {each["status"] for each in outcomes[:250]} == {"duplicate"}
    assert len({each["record"] for each in outcomes}) == len(rows)
    assert end["summary"]["accepted"] == sum(each["status"] == "accepted" for each in outcomes)
    audited = {"LEDGER_DATA_DIR": str(told.folder)}
    assert told.shell.run("audit", "verify", **audited).returncode == 0
