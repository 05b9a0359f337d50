"""Files that are made to do harm: refused before they are unpacked."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.application.importing import workbooks
from ledger.application.importing.opening import Opened, digest_of, open_file
from ledger.application.importing.tables import UnusableFileError
from ledger.application.importing.template import template
from tests.application.filing import HEAD, row, text, workbook

MEMORY_MAX = 24 * 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"


def repacked(changes: dict[str, bytes]) -> io.BytesIO:
    """Return a workbook some parts of which are others."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(workbook(HEAD, row())) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in {*source.namelist(), *changes}:
            target.writestr(name, changes[name] if name in changes else source.read(name))
    packed.seek(0)
    return packed


def read_whole(file: io.BytesIO) -> int:
    opened = open_file(file, digest_of(file))
    assert isinstance(opened, Opened)
    return sum(1 for _ in opened.rows())


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def bomb() -> io.BytesIO:
    return repacked({SHEET: b" " * 100_000_000})


def million_rows() -> io.BytesIO:
    # Numbered, so that it packs no better than people's rows do.
    some = "".join(
        f'<row r="{n}"><c><v>{n * 7919 % 1009}</v></c></row>' for n in range(1_000_000)
    )
    return repacked({SHEET: sheet(some)})


def entities() -> io.BytesIO:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(9)
    )
    return repacked({SHEET: f"{laughs}]><worksheet>&j;</worksheet>".encode()})


def repacked_document() -> io.BytesIO:
    """Return a document of a text program, called .xlsx."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("[Content_Types].xml", "<Types/>")
        target.writestr("word/document.xml", "<w/>")
    packed.seek(0)
    return packed


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("file_unpacks_to_too_much", bomb),
        ("file_has_too_many_rows", million_rows),
        ("file_is_damaged", entities),
        ("file_is_no_table", repacked_document),
        ("file_is_damaged", lambda: io.BytesIO(workbook(HEAD, row()).getvalue()[:-400])),
        ("file_is_damaged", lambda: repacked({SHEET: b"<worksheet><sheetData><row>"})),
    ],
)
def test_harm_is_seen_before_it_is_done(code: str, made: Callable[[], io.BytesIO]) -> None:
    file = made()
    tracemalloc.start()
    try:
        with pytest.raises(UnusableFileError) as refused:
            read_whole(file)
        assert refused.value.code == code
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()


def test_what_is_held_in_memory_whole_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(workbooks.PART_BYTES_MAX, "xl/styles.xml", 100)
    file = workbook(HEAD, row())
    with pytest.raises(UnusableFileError) as refused:
        open_file(file, digest_of(file))
    assert refused.value.code == "file_unpacks_to_too_much"


def test_a_cell_far_away_costs_nothing() -> None:
    """Two cells in opposite corners of a sheet: 17 thousand million cells lie between."""
    cells = {1: "A1", 1_048_576: "XFD1048576"}
    far = "".join(f'<row r="{n}"><c r="{at}"><v>1</v></c></row>' for n, at in cells.items())
    file = repacked({SHEET: sheet(far)})
    tracemalloc.start()
    try:
        with pytest.raises(UnusableFileError) as refused:
            open_file(file, digest_of(file))
        assert refused.value.code == "header_is_not_found"
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [text, workbook])
def test_memory_does_not_grow_with_the_rows(kind: Callable[..., io.BytesIO]) -> None:
    def needed(rows: int) -> int:
        file = kind(HEAD, *[row(服务内容=f"助老{n % 50}") for n in range(rows)])
        tracemalloc.start()
        try:
            assert read_whole(file) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = needed(500), needed(5_000)
    assert many < few * 2 + 2_000_000


def test_an_open_quotation_mark_is_told() -> None:
    file = io.BytesIO((",".join(HEAD) + '\r\n"' + "x" * 200_000).encode())
    with pytest.raises(UnusableFileError) as refused:
        open_file(file, digest_of(file))
    assert refused.value.code == "file_is_damaged"


@given(st.integers(0, 2**32))
def test_a_broken_workbook_is_told_to_be_one(seed: int) -> None:
    """Whatever its bytes have become: nothing else is raised than that it cannot be used."""
    chance, content = Random(seed), bytearray(template())
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(content))
        near_the_end = len(content) - 1 - chance.randrange(400)  # where its parts are listed
        content[chance.choice((at, near_the_end))] = chance.randrange(256)
    with suppress(UnusableFileError):
        read_whole(io.BytesIO(bytes(content)))
