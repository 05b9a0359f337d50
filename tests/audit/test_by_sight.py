"""What is known by sight makes an audit quick, and never another one."""

import uuid
from typing import Any

import pytest

from ledger.audit.by_sight import BySight, Known
from ledger.audit.source import KeptEntry
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.entry import entry_text, parse_entry
from ledger.proof.facts import commitment, parse_group
from ledger.proof.merkle import leaf_hash
from ledger.proof.shapes import LOG_SHAPES
from ledger.store import link_reading
from ledger.store.event import NewEvent
from ledger.store.reading import DatabaseSource
from tests.audit.house import House
from tests.audit.plan import ORIGIN, SHAPES, SIZE, STAFF, stream_of

K = 331
PERSONAL = 335
LIES: dict[str, dict[str, Any]] = {
    "another entry": {"entry": b"{}"},
    "no entry": {"entry": b""},
    "another leaf": {"leaf": bytes(32)},
    "a short leaf": {"leaf": b"?"},
    "no facts": {"plain": None},
    "other facts": {"plain": b'{"facts":{},"seed":"00"}'},
    "a topic": {"topic": "record.praised"},
    "a version": {"version": 99},
    "a number": {"originator_version": 99},
    "personal facts": {"personal": b"[]"},
}


def report(house: House, **options: Any) -> dict[str, object]:
    said = house.audit(**options).as_json()
    del said["seconds"]
    return said


def in_full(house: House, patch: pytest.MonkeyPatch) -> dict[str, object]:
    """Return what an audit says that reads everything member by member."""
    with patch.context() as patched:
        patched.setattr(BySight, "know", lambda *_args, **_named: None)
        patched.setattr(DatabaseSource, "rehash_links", True)
        return report(house)


@pytest.mark.parametrize("seq", [K, PERSONAL])
@pytest.mark.parametrize("columns", LIES.values(), ids=LIES.keys())
def test_a_lie_is_named_as_it_is_by_reading_in_full(
    sqlite_house: House, seq: int, columns: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_house.edit(seq, **columns)
    quick = report(sqlite_house)
    assert quick == in_full(sqlite_house, monkeypatch)
    assert quick["ok"] is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v": 1'),
        (b'"time":"2026', b'"time":"2025'),
        (b'"time":"2026-03', b'"time":"2026-13'),
        (b'"prev":"', b'"prev":"A'),
        (b'"seq":331', b'"seq":0331'),
        (b'"log":"audit', b'"log":"other'),
        (b'"facts":"', b'"facts":"\xff'),
    ],
)
def test_an_entry_with_other_bytes_is_named_as_it_is_by_reading_in_full(
    house: House, old: bytes, new: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = house.kept(K).entry
    assert entry.count(old) == 1
    house.edit(K, entry=entry.replace(old, new))
    assert report(house) == in_full(house, monkeypatch)
    assert report(house)["ok"] is False


def test_nearly_everything_that_is_sound_is_known(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown: list[int] = []
    know = BySight.know

    def spied(self: BySight, kept: KeptEntry, leaf: bytes, **named: Any) -> Known | None:
        known = know(self, kept, leaf, **named)
        if known is None:
            unknown.append(kept.seq)
        return known

    monkeypatch.setattr(BySight, "know", spied)
    assert house.audit().ok
    # The log's own events and those of other applications say more than their values.
    assert unknown == [seq for seq in range(SIZE) if seq == 0 or seq % 50 == 7]


def test_an_entry_is_known_only_where_it_stands(sqlite_house: House) -> None:
    kept, before = sqlite_house.kept(K), sqlite_house.kept(K - 1)
    leaf, prev, time = leaf_hash(kept.entry), leaf_hash(before.entry), "2026-03-01T08:00"
    by_sight = BySight(ORIGIN, SHAPES)
    assert by_sight.know(kept, leaf, prev=prev, not_before=time) is not None
    assert by_sight.know(kept, leaf, prev=prev, not_before=None) is not None
    assert by_sight.know(kept, leaf, prev=prev, not_before="2026-03-02") is None
    assert by_sight.know(kept, leaf, prev=leaf, not_before=time) is None
    assert by_sight.know(kept, leaf, prev=None, not_before=time) is None
    assert by_sight.know(kept, prev, prev=prev, not_before=time) is None
    moved = kept._replace(seq=K + 1)
    assert by_sight.know(moved, leaf, prev=prev, not_before=time) is None
    for origin, shapes in (("other.example/log", SHAPES), (ORIGIN, LOG_SHAPES)):
        assert BySight(origin, shapes).know(kept, leaf, prev=prev, not_before=time) is None


def test_a_type_that_is_not_published_is_not_known(sqlite_house: House) -> None:
    kept, before = sqlite_house.kept(K), sqlite_house.kept(K - 1)
    assert kept.plain is not None
    prev, time = leaf_hash(before.entry), "2026-03-01T08:00"
    for told, known in ((b"record.entered", True), (b"recordXentered", False)):
        # All that is kept agrees; only the copy of the type says what is published.
        plain = kept.plain.replace(b"record.entered", told)
        committed = commitment(list(parse_group(plain).digests().values()))
        time_of = parse_entry(kept.entry).time
        entry = entry_text(ORIGIN, K, time_of, prev, committed)
        leaf = leaf_hash(entry)
        lie = kept._replace(plain=plain, entry=entry, leaf=leaf)
        found = BySight(ORIGIN, SHAPES).know(lie, leaf, prev=prev, not_before=time)
        assert (found is not None) == known


def test_links_as_kept_are_the_links_of_the_entries(house: House) -> None:
    # A fact that holds another `previous`, before the event's own.
    facts: dict[str, Value] = {"minutes": 5, "place": {"previous": "00" * 32}}
    house.append(NewEvent(stream_of(1), "record.entered", 1, STAFF, facts))
    first, last = (
        digit * 8 + "".join(f"-{digit * n}" for n in (4, 4, 4, 12)) for digit in "0f"
    )
    source = house.wiring.source
    quick = list(source.links(first, last, size=SIZE + 1))
    source.rehash_links = True
    assert quick == list(source.links(first, last, size=SIZE + 1))
    assert len(quick) == SIZE + 1


@pytest.mark.parametrize("pages", [1, 7])
def test_links_are_read_in_pages_of_any_length(
    postgres_house: House, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.link_reading.LINKS_AT_ONCE", pages)
    assert postgres_house.audit().ok


def test_pages_of_links_are_read_from_the_index_alone(postgres_house: House) -> None:
    page = f"{link_reading._IN_STREAMS} {link_reading._AFTER} {link_reading._BY_STREAM}"
    query = f"EXPLAIN SELECT seq, stream::text FROM entries {page} LIMIT 5".replace("?", "%s")
    first, last = (str(uuid.UUID(int=n)) for n in (0, 2**128 - 1))
    with postgres_house.wiring.engine.connect() as connection:
        # Sorting all that is left for each page would take a time that is not linear.
        connection.exec_driver_sql("SET enable_sort = off")
        plan = connection.exec_driver_sql(query, (ORIGIN, SIZE, first, last, first, 1))
        lines = [str(row[0]) for row in plan]
    assert not [line for line in lines if "Sort" in line]
    assert any("ROW(stream, originator_version) >" in line for line in lines)


class _MovedOn(DatabaseSource):
    """A head register that says something wrong, to whoever reads it first."""

    asked = 0

    def registered(self) -> Checkpoint | None:
        type(self).asked += 1
        return Checkpoint(ORIGIN, 300, bytes(32)) if self.asked == 1 else None


def test_the_head_register_is_read_once_and_held_against_the_whole_log(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_MovedOn, "asked", 0)
    monkeypatch.setattr("ledger.wiring.database_opener.DatabaseSource", _MovedOn)
    (finding,) = house.audit().tally.findings
    assert (finding.code.value, finding.seq) == ("checkpoint_inconsistent", 256)
    assert finding.detail.startswith("head register of size 300")
    assert finding.evidence is None  # a register is signed by nobody
