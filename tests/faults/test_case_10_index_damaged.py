"""A bit flips in an index: the audit names it, and rebuilding the index makes all sound."""

import sqlite3
from pathlib import Path

import pytest

from tests.faults.conftest import Shown
from tests.faults.scene import FOUND, Scene, found_scene

INDEX_LEAF = 0x0A
ENTRIES = 300
INDEXES = {
    "sqlite_autoindex_entries_1": "the index by position",
    "sqlite_autoindex_entries_2": "the index by stream",
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
