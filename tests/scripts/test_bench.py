"""scripts/bench prints every row that it is to measure; how fast anything is, no test says."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TINY = ("--quick", "--seconds", "0.001", "--turns", "1", "--verified", "300")
TINY_GROWTH = ("--growth", "200", "600")
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def bench(*arguments: str, folder: Path = ROOT) -> str:
    """Return what the bench prints on its output."""
    done = subprocess.run(
        [str(ROOT / "scripts/bench"), *TINY, *TINY_GROWTH, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables(text: str) -> dict[str, list[list[str]]]:
    """Return the rows of each table, by its heading."""
    found: dict[str, list[list[str]]] = {}
    for part in text.split("\n## ")[1:]:
        title, *lines = part.splitlines()
        rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
        found[title] = [row for row in rows[1:] if row[0] != "---"]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_measured(kind: str, tmp_path: Path) -> None:
    text = bench("--database", kind, "--out", "figures.md", folder=tmp_path)
    assert (tmp_path / "figures.md").read_text("utf-8") == text
    name, found = KINDS[kind], tables(text)
    assert list(found) == [
        f"Append, {name}",
        f"Append with personal facts, {name}",
        f"Submit to covered by a signed checkpoint, {name}",
        f"Verification of 300 entries, {name}",
        f"Growth from 200 to 600 entries, {name}",
    ]
    loads = [(row[0], row[1]) for row in found[f"Append, {name}"]]
    assert loads == [(n, m) for n in ("1", "10", "100", "1,000") for m in ("1", "8", "64")]
    covered = found[f"Submit to covered by a signed checkpoint, {name}"]
    assert [row[0] for row in covered] == ["1", "64"]
    assert [row[0] for row in found[f"Growth from 200 to 600 entries, {name}"]] == [
        "verification, entries/s",
        "memory, nothing, MiB",
        "memory, verify, MiB",
        "memory, export, MiB",
        "memory, append, MiB",
        "inclusion proof, ms",
        "inclusion proof, queries, at most",
        "inclusion proof, path, hashes, at most",
        "inclusion proof, hashes computed, at most",
        "append, 1 a commit, events/s",
        "append, 1,000 a commit, events/s",
    ]
    for fact in ("processor", "memory", "kernel", "Python", "drivers", "data", name):
        assert re.search(rf"^\* {fact}: .+", text, re.MULTILINE), fact


def test_rows_are_chosen_by_name_and_every_goal_has_a_verdict() -> None:
    found = tables(bench("verify", "append", "--database", "postgresql"))
    assert list(found) == [
        "Verification of 300 entries, PostgreSQL",
        "Append, PostgreSQL",
        "Append with personal facts, PostgreSQL",
    ]
    goals = {
        (row[0], row[1]): (row[6], row[8])
        for row in found["Append, PostgreSQL"]
        if row[6] or row[8]
    }
    assert goals.keys() == {("1", "64"), ("1", "1"), ("1,000", "1")}
    said = [goal for pair in goals.values() for goal in pair if goal]
    said.append(found["Verification of 300 entries, PostgreSQL"][0][4])
    assert all(re.fullmatch(r"≥ [0-9.]+: (met|\*\*missed\*\*)", goal) for goal in said), said


def test_an_unknown_row_is_refused() -> None:
    done = subprocess.run(
        [str(ROOT / "scripts/bench"), "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed" in done.stderr
