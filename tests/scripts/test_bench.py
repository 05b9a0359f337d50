"""scripts/bench prints every row that it is to measure; how fast anything is, no test says."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TINY = ("--quick", "--seconds", "0.001", "--turns", "1", "--verified", "300")
TINY_GROWTH = ("--growth", "200", "600")
TINY_TOWN = (
    *("--volunteers", "20", "--size", "200", "600"),
    *("--imported", "20", "60", "--certified", "2"),
)
GOALS = {("1", "1"), ("1", "64"), ("1,000", "1")}
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ROWS = {
    "sqlite": ["checkpoint", "verify", "growth", "import", "certificates"],
    "postgresql": ["append", "http", "views", "reads"],
}
"""Those that are asked for: each once, as they hardly differ by the database."""

GROWTH = [
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


def bench(*arguments: str, folder: Path = ROOT) -> str:
    """Return what the bench prints on its output."""
    done = subprocess.run(
        [str(ROOT / "scripts/bench"), *TINY, *TINY_GROWTH, *TINY_TOWN, *arguments],
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
        rows = [line[2:-2].split(" | ") for line in lines if line.startswith("| ")]
        found[title] = [row for row in rows[1:] if row[0] != "---"]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_measured(kind: str, tmp_path: Path) -> None:
    text = bench(*ROWS[kind], "--database", kind, "--out", "figures.md", folder=tmp_path)
    assert (tmp_path / "figures.md").read_text("utf-8") == text
    name, found = KINDS[kind], tables(text)
    tables_of = {
        "append": [f"Append, {name}", f"Append with personal facts, {name}"],
        "checkpoint": [f"Submit to covered by a signed checkpoint, {name}"],
        "verify": [f"Verification of 300 entries, {name}"],
        "growth": [f"Growth from 200 to 600 entries, {name}"],
        "http": [
            f"One signed submission of one record over HTTP, {name}",
            f"Submissions of 100 records over HTTP, {name}",
        ],
        "import": [f"Import of 20 and of 60 rows, {name}"],
        "views": [f"Projections catching up, {name}"],
        "reads": [f"Reads of 200 and of 600 events, {name}"],
        "certificates": [
            f"Issuing a certificate, {name}",
            f"Printing a certificate over 20 records, {name}",
        ],
    }
    assert list(found) == [title for row in ROWS[kind] for title in tables_of[row]]
    for fact in ("processor", "memory", "kernel", "Python", "drivers", "data", name):
        assert re.search(rf"^\* {fact}: .+", text, re.MULTILINE), fact
    if kind == "postgresql":
        look_at_append(found[f"Append, {name}"])
        return
    covered = found[f"Submit to covered by a signed checkpoint, {name}"]
    assert [row[0] for row in covered] == ["1", "64"]
    assert [row[0] for row in found[f"Growth from 200 to 600 entries, {name}"]] == GROWTH


def look_at_append(appended: list[list[str]]) -> None:
    assert [(row[0], row[1]) for row in appended] == [
        (events, submitters)
        for events in ("1", "10", "100", "1,000")
        for submitters in ("1", "8", "64")
        if (events, submitters) != ("1,000", "64")  # too many at once for a quick run
    ]
    judged = {(row[0], row[1]) for row in appended if row[6] or row[8]}
    assert judged == GOALS
    goals = [goal for row in appended for goal in (row[6], row[8]) if goal]
    assert all(re.fullmatch(r"≥ [0-9.]+: (met|\*\*missed\*\*)", goal) for goal in goals), goals


def test_rows_are_chosen_by_name() -> None:
    found = tables(bench("verify", "--database", "sqlite"))
    assert [title.partition(" of ")[0] for title in found] == ["Verification"]


def test_an_unknown_row_is_refused() -> None:
    done = subprocess.run(
        [str(ROOT / "scripts/bench"), "speed"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "speed" in done.stderr
