"""`ledger export` as a person runs it: she signs in, and has a whole file or none."""

import json
import stat
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.application.exporting.exported import rows_of
from tests.shell import Shell
from tests.test_sandbox import Told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return a sandbox with one record in it."""
    shell = Shell(tmp_path_factory.mktemp("exporting"))
    done = shell.run("sandbox")
    assert done.returncode == 0, done.stderr
    made = Told(shell, done.stdout)
    (shell.folder / "password").write_text(made["PASSWORD"] + "\n", "utf-8")
    rows = [
        "登记编号,服务日期,服务时段,服务内容,服务评价,评价日期",
        f"{made['VOLUNTEER_1_ID']},{made['DAY']},6:00-7:30,=1+1,5,{made['DAY']}",
    ]
    (shell.folder / "rows.csv").write_text("\n".join(rows), "utf-8")
    done = run(
        made, "import", "rows.csv", "--recorder", made["ENTRUSTED_RECORDER"], *activity(made)
    )
    assert done.returncode == 0, done.stderr
    return made


def activity(told: Told) -> list[str]:
    return ["--organization", told["ENTRUSTED"], "--activity", told["ACTIVITY"]]


def run(told: Told, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"LEDGER_DATA_DIR": str(told.folder), "LEDGER_LANGUAGE": "zh"}
    return told.shell.run(*words, "--password-file", "password", **env)


def export(
    told: Told, out: Path, *options: str, by: str = "ENTRUSTED_RECORDER"
) -> "subprocess.CompletedProcess[str]":
    return run(told, "export", "--out", str(out), "--sign-in", told[by], *options)


def test_a_file_is_its_owners_alone_and_imported_again(told: Told, tmp_path: Path) -> None:
    out = tmp_path / "records.xlsx"
    done = export(told, out, "--format", "xlsx", "--purpose", "inspection", *activity(told))
    assert done.returncode == 0, done.stderr
    assert "1 条" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open("rb") as file:
        (row,) = rows_of(file)  # type: ignore[arg-type]
    assert (row["服务内容"], row["人员显示"]) == ("=1+1", "明文")
    again = run(
        told, "import", str(out), "--recorder", told["ENTRUSTED_RECORDER"], *activity(told)
    )
    assert again.returncode == 0, again.stderr
    assert "接受 0 行,已有记录 1 行,拒绝 0 行" in again.stdout
    # What is there is not overwritten.
    assert export(told, out, "--format", "csv").returncode == 2


def test_the_national_file_says_what_it_is(told: Told, tmp_path: Path) -> None:
    out = tmp_path / "national.zip"
    done = export(told, out, "--format", "national", "--from", told["DAY"], "--to", told["DAY"])
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, said in manifest["files"].items():
            assert said["sha256"] == sha256(archive.read(name)).hexdigest()
        record = json.loads(archive.read("records.jsonl"))
    assert record["national"]["albx0463"] == 5


def test_who_may_not_has_no_file(told: Told, tmp_path: Path) -> None:
    out = tmp_path / "records.csv"
    for options, code in (
        (("--organization", told["DISTRICT"]), "没有您可以导出的内容"),
        (("--from", "yesterday"), "2026-11-20"),
        (("--organization", "nobody"), "nobody"),
    ):
        done = export(told, out, "--format", "csv", *options)
        assert done.returncode == 2, done.stderr
        assert code in done.stderr
    (told.shell.folder / "password").rename(told.shell.folder / "right")
    (told.shell.folder / "password").write_text("不是这个密码", "utf-8")
    try:
        done = export(told, out, "--format", "csv")
    finally:
        (told.shell.folder / "right").rename(told.shell.folder / "password")
    assert "sign_in_is_refused" in done.stderr
    assert list(tmp_path.iterdir()) == []
