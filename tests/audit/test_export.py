"""An export is a log in files: whole, without personal facts, checkable by strangers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.audit.finding import Unchecked
from ledger.proof.shapes import FACTS_LOST, LOG_SHAPES
from ledger.proof.tile import tiles_for_size
from ledger.store.exporting import EntryGoneError, Export, ExportExistsError, SubtreeGoneError
from tests.audit.exported import Exported, export
from tests.audit.house import House, places, unchecked
from tests.audit.plan import CHECKPOINTS, PEOPLE, PRIVATE, SHAPES, SIZE, event_at, seqs_about
from tests.audit.test_personal_lies import declared
from tests.foreign.conftest import XmodCheck, go_program, xmod_check

__all__ = ["go_program", "xmod_check"]  # fixtures
VERIFIER = Path(__file__).parents[2] / "scripts" / "verify_log.py"
PERSONAL = sum(len(seqs_about(n)) for n in range(len(PEOPLE)))
SIGNED = len(CHECKPOINTS) + 2
"""Checkpoints in an export: those of the plan, the newest, and the newest under its name."""


def verified(path: Path, exported: Exported) -> "subprocess.CompletedProcess[str]":
    """Run the stand-alone verifier."""
    policy, shapes = exported.path("policy"), exported.path("shapes.json")
    return subprocess.run(
        [sys.executable, VERIFIER, path, "--policy", policy, "--shapes", shapes, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_export_with_facts_is_sound_without_its_database(exported: Exported) -> None:
    report = exported.audit()
    assert report.ok
    assert report.checkpoint.size == SIZE
    assert unchecked(report) == {
        "head_absent": 1,
        "not_witnessed": SIGNED,
        "personal_bound_not_opened": PERSONAL,
    }


def test_an_export_without_facts_is_sound_and_says_what_was_not_checked(
    bare: Exported,
) -> None:
    report = bare.audit()
    assert report.ok
    assert unchecked(report) == {
        "facts_absent": SIZE,
        "head_absent": 1,
        "not_witnessed": SIGNED,
    }


def test_an_export_on_its_own_word_says_so(exported: Exported) -> None:
    report = exported.audit(policy=exported.policy(), own_word=True)
    assert report.ok
    assert unchecked(report)[Unchecked.KEY_NOT_TRUSTED] == 1


def test_an_export_has_exactly_the_files_of_its_size(exported: Exported) -> None:
    tiles = {tile.path() for tile in tiles_for_size(SIZE)}
    facts = {f"facts/{number:03}.jsonl" for number in range(3)}
    notes = {f"checkpoints/{size}" for size in (*CHECKPOINTS, SIZE)}
    others = {"checkpoint", "log.vkey", "policy", "shapes.json"}
    assert set(exported.files()) == tiles | facts | notes | others


def test_both_databases_export_the_same_form(house: House, tmp_path: Path) -> None:
    exported = export(house, tmp_path / "export", facts=True)
    assert exported.found() == set()


@pytest.mark.parametrize("facts", [True, False])
def test_personal_facts_are_never_exported(
    base_exports: dict[bool, Exported], facts: bool
) -> None:
    exported = base_exports[facts]
    whole = b"".join(exported.path(name).read_bytes() for name in exported.files())
    for word in PRIVATE:
        assert word.encode() not in whole
        assert json.dumps(word)[1:-1].encode() not in whole


def test_a_folder_with_anything_in_it_is_left_as_it_is(
    sqlite_house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    with pytest.raises(ExportExistsError):
        export(sqlite_house, folder, facts=True)
    assert [path.name for path in folder.iterdir()] == ["mine"]


def test_an_empty_folder_is_taken(sqlite_house: House, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert export(sqlite_house, tmp_path / "empty", facts=False).found() == set()


def test_a_log_may_grow_while_it_is_exported(house: House, tmp_path: Path) -> None:
    key, note = house.key.verifier_key, house.wiring.publisher.publish()

    def grow(done: int) -> None:
        house.append(*(event_at(SIZE + done + n) for n in range(7)))
        house.wiring.publisher.publish()

    size = Export(house.wiring.source, tmp_path / "export", progress=grow).write(
        note,
        verifier_key=key.text(),
        policy=house.wiring.policy.text(),
        shapes=SHAPES,
        facts=True,
    )
    assert size == SIZE
    report = Exported(tmp_path / "export", key).audit()
    assert places(report) == set()
    assert report.checkpoint.size == SIZE
    assert house.audit().checkpoint.size == SIZE + 21


def test_an_export_of_lost_facts_that_were_declared_is_sound(
    house: House, tmp_path: Path
) -> None:
    house.append(declared(FACTS_LOST, [333, 335, 370]))
    for seq in (333, 335, 370):
        house.edit(seq, plain=None)
    exported = export(house, tmp_path / "export", facts=True)
    report = exported.audit()
    # The stream of 333 and 370 goes on at 407, whose `previous` is a leaf not shown.
    assert places(report) == set()
    assert unchecked(report)["facts_declared_lost"] == 3
    assert unchecked(report)["stream_without_facts"] == 3


def test_an_export_of_lost_facts_that_nobody_declared_says_which(
    house: House, tmp_path: Path
) -> None:
    house.edit(333, plain=None)
    exported = export(house, tmp_path / "export", facts=True)
    assert exported.found() == {("facts_missing", 333)}


def test_a_damaged_database_is_not_exported(house: House, tmp_path: Path) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq = 333")
    with pytest.raises(EntryGoneError) as refused:
        export(house, tmp_path / "export", facts=False)
    assert (refused.value.seq, refused.value.folder) == (333, tmp_path / "export")
    assert not (tmp_path / "export" / "checkpoint").exists()


def test_a_hash_that_is_gone_is_not_taken_for_an_entry(
    sqlite_house: House, tmp_path: Path
) -> None:
    sqlite_house.wiring.publisher.publish()
    sqlite_house.lie("DELETE FROM subtrees WHERE {log} AND level = 1 AND number = 1")
    with pytest.raises(SubtreeGoneError) as refused:
        export(sqlite_house, tmp_path / "export", facts=False)
    assert refused.value.seq == 256


def test_shapes_that_the_auditor_does_not_know_are_counted(exported: Exported) -> None:
    report = exported.audit(shapes=LOG_SHAPES)
    assert report.ok
    assert report.tally.unchecked.keys() >= {
        (Unchecked.SHAPE_UNKNOWN, f"shape 1 of {name} is not among the published ones")
        for name in ("record.entered", "volunteer.registered")
    }


@pytest.mark.parametrize("facts", [True, False])
def test_the_stand_alone_verifier_accepts_it(
    base_exports: dict[bool, Exported], facts: bool
) -> None:
    exported = base_exports[facts]
    done = verified(exported.folder, exported)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["findings"] == []


def test_the_stand_alone_verifier_accepts_declared_losses(
    sqlite_house: House, tmp_path: Path
) -> None:
    sqlite_house.append(declared(FACTS_LOST, [333]))
    sqlite_house.edit(333, plain=None)
    exported = export(sqlite_house, tmp_path / "export", facts=True)
    done = verified(exported.folder, exported)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.tool("go")
@pytest.mark.parametrize("facts", [True, False])
def test_golang_x_mod_accepts_it(
    base_exports: dict[bool, Exported], facts: bool, xmod_check: XmodCheck
) -> None:
    exported = base_exports[facts]
    done = xmod_check(exported.folder, exported.key.text())
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["findings"], report["size"]) == ([], SIZE)
