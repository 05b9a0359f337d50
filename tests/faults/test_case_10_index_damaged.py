"""A bit flips in an index: the audit names it, and rebuilding the index makes all sound."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.scene import FOUND, Scene, found_scene
from tests.shell import ORIGIN, Shell

INDEX_LEAF = 0x0A
INDEXES = {
    "sqlite_autoindex_entries_1": "index by position",
    "sqlite_autoindex_entries_2": "index by stream",
    "sqlite_autoindex_boxes_1": "index of boxes",
    "entries_leaves": "index of leaves",
}


def leaf_pages(file: Path, index: str) -> list[int]:
    """Return the pages at the bottom of an index, numbered from 1."""
    content = file.read_bytes()
    size = int.from_bytes(content[16:18], "big")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    waiting, leaves = [connection.execute(query, (index,)).fetchone()[0]], []
    connection.close()
    while waiting:
        number = waiting.pop()
        page = content[(number - 1) * size : number * size]
        if page[0] == INDEX_LEAF:
            leaves.append(number)
            continue
        count = int.from_bytes(page[3:5], "big")
        starts = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(count)]
        waiting += [int.from_bytes(page[at : at + 4], "big") for at in starts]
        waiting.append(int.from_bytes(page[8:12], "big"))
    return leaves


def flip(file: Path, index: str) -> None:
    """Flip one bit of the key that the last entry of an index's middle page holds."""
    leaves = sorted(leaf_pages(file, index))
    content = bytearray(file.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    start = (leaves[len(leaves) // 2] - 1) * size
    cell = start + int.from_bytes(content[start + 8 : start + 10], "big")
    # length of the cell, length of its header, types; then the log's name and the key
    header = content[cell + 1]
    content[cell + 1 + header + len(ORIGIN) + 1] ^= 1
    file.write_bytes(content)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a ledger whose indexes have several pages; it is only ever copied."""
    scene = found_scene(tmp_path_factory.mktemp("grown"))
    assert scene.append(Workload(submissions=100)).wait() == 0
    return scene


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.case(10, "bit flip in an index")
def test_a_bit_flip_in_an_index_is_named_and_mended(
    grown: Scene, tmp_path: Path, index: str, shown: Shown
) -> None:
    shown.by(f"one bit of a key in a page of SQLite's {INDEXES[index]}")
    shutil.copytree(grown.shell.folder, tmp_path, dirs_exist_ok=True)
    scene = Scene(Shell(tmp_path), before=grown.before)
    file = scene.data_dir / "log.sqlite"
    flip(file, index)
    report = scene.command("audit", "verify", "--json")
    assert report.returncode == FOUND
    mend = f"import sqlite3; c = sqlite3.connect({str(file)!r}); c.execute('REINDEX')"
    subprocess.run([sys.executable, "-c", mend], check=True)
    shown.saw(found=", ".join(sorted(set(report.codes))), **scene.check())


@pytest.mark.case(10, "bit flip in an index")
def test_a_bit_flip_in_a_leaf_of_the_index_is_named_though_its_row_is_sound(
    grown: Scene, tmp_path: Path, shown: Shown
) -> None:
    shown.by("one bit of a leaf in SQLite's index of leaves")
    shutil.copytree(grown.shell.folder, tmp_path, dirs_exist_ok=True)
    scene = Scene(Shell(tmp_path), before=grown.before)
    file = scene.data_dir / "log.sqlite"
    with sqlite3.connect(file) as connection:
        query = "SELECT leaf FROM entries WHERE seq = 77"
        (leaf,) = connection.execute(query).fetchone()
    content = bytearray(file.read_bytes())
    pages = {page - 1 for page in leaf_pages(file, "entries_leaves")}
    size = int.from_bytes(content[16:18], "big")
    places = [at for at in places_of(leaf, bytes(content)) if at // size in pages]
    assert len(places) == 1
    content[places[0]] ^= 1
    file.write_bytes(content)
    report = scene.command("audit", "verify", "--json")
    assert (report.returncode, report.codes) == (FOUND, ["leaf_differs"])
    shown.saw(found="leaf_differs")


def places_of(part: bytes, content: bytes) -> list[int]:
    """Return where bytes stand in others."""
    places, at = [], content.find(part)
    while at >= 0:
        places.append(at)
        at = content.find(part, at + 1)
    return places
