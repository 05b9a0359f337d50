"""An export loses 13 of its events, or a file: both checkers fail and say what is missing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.proof.merkle import leaf_hash
from ledger.proof.tile import encode_bundle, parse_bundle
from tests.faults.conftest import Shown
from tests.faults.insider import Found, found_by, strangers_report
from tests.faults.scene import CANNOT, FOUND, POLICY, Answered, Scene
from tests.shell import Shell

SIZE, LOST = 300, 13
FIRST = 100
"""The first of those that are dropped."""
FACTS, TAIL_FACTS = "facts/000.jsonl", "facts/001.jsonl"
BUNDLE, TAIL_BUNDLE = "tile/entries/000", "tile/entries/001.p/44"
TILE = "tile/0/000"
READABLE = "a file that can be read"


def drop_lines(export: Path) -> None:
    lines = (export / FACTS).read_bytes().splitlines(keepends=True)
    (export / FACTS).write_bytes(b"".join(lines[:FIRST] + lines[FIRST + LOST :]))


def drop_last_lines(export: Path) -> None:
    lines = (export / TAIL_FACTS).read_bytes().splitlines(keepends=True)
    (export / TAIL_FACTS).write_bytes(b"".join(lines[:-LOST]))


def drop_entries(export: Path) -> None:
    entries = parse_bundle((export / BUNDLE).read_bytes(), count=256)
    (export / BUNDLE).write_bytes(encode_bundle(entries[:FIRST] + entries[FIRST + LOST :]))


def drop_last_entries(export: Path) -> None:
    entries = parse_bundle((export / TAIL_BUNDLE).read_bytes(), count=44)
    (export / TAIL_BUNDLE).write_bytes(encode_bundle(entries[:-LOST]))


def drop_file(name: str) -> Callable[[Path], None]:
    return lambda export: (export / name).unlink()


Tampering = tuple[Callable[[Path], None], str, Found, Found]
TAMPERINGS: dict[str, Tampering] = {
    # what is dropped: (how, what the auditor names, what each of the two must find)
    "13 disclosures in the middle": (
        drop_lines,
        f"{FACTS}: 256 whole lines, 243",
        {("facts_missing", seq) for seq in range(FIRST, FIRST + LOST)},
        {("facts_commitment", FIRST)},
    ),
    "the last 13 disclosures": (
        drop_last_lines,
        f"{TAIL_FACTS}: 44 whole lines, 31",
        {("facts_missing", seq) for seq in range(SIZE - LOST, SIZE)},
        {("facts_missing", seq) for seq in range(SIZE - LOST, SIZE)},
    ),
    "13 entries in the middle": (
        drop_entries,
        f"{BUNDLE}: 256 entries, 243 and a part",
        {("entry_missing", 0)},
        {("entry_wrong_seq", FIRST), ("entry_wrong_prev", FIRST)},
    ),
    "the last 13 entries": (
        drop_last_entries,
        f"{TAIL_BUNDLE}: 44 entries, 31 and a part",
        {("entry_missing", 256)},
        {("entry_missing", SIZE - LOST)},
    ),
    "a bundle of entries": (
        drop_file(BUNDLE),
        f"{BUNDLE}: {READABLE}",
        {("entry_missing", 0)},
        {("entry_missing", 0)},
    ),
    "a tile of hashes": (
        drop_file(TILE),
        f"{TILE}: {READABLE}",
        set(),
        {("tile_differs", 0)},
    ),
    "a file of facts": (
        drop_file(FACTS),
        f"{FACTS}: {READABLE}",
        {("facts_missing", seq) for seq in range(256)},
        {("facts_missing", seq) for seq in range(256)},
    ),
}


@pytest.fixture(scope="module")
def exporting(founded: Shell, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a ledger of 300 events with an export of them; both are only ever read."""
    folder = shutil.copytree(founded.folder, tmp_path_factory.mktemp("exporting") / "ledger")
    shell = Shell(folder)
    shell.append(SIZE - 20)
    scene = Scene(shell)
    assert scene.command("audit", "export", "--facts", "export").returncode == 0
    return scene


def checked(scene: Scene, export: Path) -> Answered:
    """Return what the auditor says of an export, under keys from elsewhere."""
    trust = scene.shell.folder / POLICY
    return scene.command("audit", "check", export, "--trust", trust, "--json")


@pytest.mark.parametrize("dropped", TAMPERINGS)
@pytest.mark.case(37, "13 events, or a file, dropped from an export")
def test_what_an_export_lost_is_named(
    exporting: Scene, tmp_path: Path, dropped: str, shown: Shown
) -> None:
    shown.by(f"{dropped}: taken out of an export of {SIZE} events")
    tamper, named, auditor, stranger = TAMPERINGS[dropped]
    export = shutil.copytree(exporting.shell.folder / "export", tmp_path / "export")
    for sound in (checked(exporting, export), strangers_report(exporting, export)):
        assert sound.returncode == 0
    tamper(export)
    by_auditor, by_stranger = checked(exporting, export), strangers_report(exporting, export)
    assert (by_auditor.returncode, by_stranger.returncode) == (FOUND, FOUND)
    files = [
        f"{each['detail']}: {each['want']}, {each['got']}"
        for each in json.loads(by_auditor.stdout)["findings"]
        if each["code"] == "file_malformed"
    ]
    assert [each for each in files if each.startswith(named)]
    assert found_by(by_auditor) >= auditor
    assert found_by(by_stranger) >= stranger
    shown.saw(auditor=len(found_by(by_auditor)), stranger=len(found_by(by_stranger)))


@pytest.mark.case(37, "the signed checkpoint dropped from an export")
def test_without_its_checkpoint_an_export_proves_nothing(
    exporting: Scene, tmp_path: Path, shown: Shown
) -> None:
    shown.by("the file `checkpoint` taken out of an export")
    export = shutil.copytree(exporting.shell.folder / "export", tmp_path / "export")
    (export / "checkpoint").unlink()
    by_auditor, by_stranger = checked(exporting, export), strangers_report(exporting, export)
    assert (by_auditor.returncode, by_stranger.returncode) == (CANNOT, CANNOT)
    assert "checkpoint" in by_auditor.stderr
    assert "checkpoint" in by_stranger.stderr
    shown.saw(auditor_exit=CANNOT, stranger_exit=CANNOT)


@pytest.mark.case(37, "an export cut back to an older checkpoint")
def test_a_shorter_export_is_found_by_whoever_holds_a_newer_checkpoint(
    exporting: Scene, tmp_path: Path, shown: Shown
) -> None:
    """It is a true account of an earlier day; the newer checkpoint says that there is more."""
    shown.by("an export taken at 20 events, shown to somebody who holds the checkpoint of 300")
    export = shutil.copytree(exporting.shell.folder / "export", tmp_path / "export")
    newer = (export / "checkpoint").read_bytes()
    entries = parse_bundle((export / BUNDLE).read_bytes(), count=256)[:20]
    shutil.rmtree(export / "tile")
    for name, content in {
        "tile/entries/000.p/20": encode_bundle(entries),
        "tile/0/000.p/20": b"".join(leaf_hash(each) for each in entries),
        "checkpoint": (export / "checkpoints" / "20").read_bytes(),
    }.items():
        (export / name).parent.mkdir(parents=True, exist_ok=True)
        (export / name).write_bytes(content)
    (export / "facts" / "001.jsonl").unlink()
    lines = (export / FACTS).read_bytes().splitlines(keepends=True)
    (export / FACTS).write_bytes(b"".join(lines[:20]))
    (export / "checkpoints" / f"{SIZE}").unlink()
    for blind in (checked(exporting, export), strangers_report(exporting, export)):
        assert (blind.returncode, found_by(blind)) == (0, set())
    (export / "checkpoints" / f"{SIZE}").write_bytes(newer)
    by_auditor, by_stranger = checked(exporting, export), strangers_report(exporting, export)
    assert (by_auditor.returncode, by_stranger.returncode) == (FOUND, FOUND)
    for seeing in (by_auditor, by_stranger):
        assert {code for code, _ in found_by(seeing)} == {"checkpoint_inconsistent"}
    shown.saw(without_it=0, with_it=FOUND)
