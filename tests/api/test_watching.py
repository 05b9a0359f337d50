"""What an operator sees: sizes as they are, counts of what happened, and when to act."""

import errno
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.proof.canonical import Value
from ledger.store import sqlite_writing
from ledger.store.engine import sqlite_module
from ledger.store.event import (
    NewEvent,
    OutcomeUnknownError,
    StorageLostError,
    StreamMovedOn,
    Submission,
)
from ledger.store.storage_faults import is_disk_full, is_storage_lost
from ledger.wiring.serving import ServiceObserver
from tests.api.conftest import Client
from tests.audit.house import House
from tests.audit.plan import CHECKPOINTS, SIZE, event_at

CHECKPOINT = "/log/110000/checkpoint"
STREAM = "99999999-0000-4000-8000-000000000000"


def an_event(version: int | None = None) -> NewEvent:
    facts: dict[str, Value] = {"topic": "other:Event", "state": "e30="}
    facts["originator_version"] = version or 1
    return NewEvent(STREAM, "opaque.recorded", 1, f"system:{STREAM}", facts)


def watched(house: House, client: Client) -> None:
    """Let the ledger's own appender be watched, as the service does."""
    house.wiring.observer = ServiceObserver(client.health, client.metrics)


def append(house: House, *events: NewEvent) -> None:
    house.wiring.appender.append(Submission(uuid.uuid4(), events))


def test_the_sizes_are_those_of_the_moment(house: House, client: Client) -> None:
    assert client.sample("ledger_entries") == SIZE
    assert client.sample("ledger_signed_entries") == CHECKPOINTS[-1]
    client.get(CHECKPOINT)
    assert client.sample("ledger_signed_entries") == SIZE
    house.append(event_at(SIZE))
    # It was committed without the register, which the same scrape then brings up.
    assert client.sample("ledger_register_behind_entries") == 1
    assert client.sample("ledger_register_behind_entries") == 0
    assert client.sample("ledger_entries") == SIZE + 1
    assert client.sample("ledger_extendable") == 1
    assert client.sample("ledger_rolled_back") == 0


def test_a_rollback_is_seen(house: House, client: Client) -> None:
    house.lie("DELETE FROM entries WHERE {log} AND seq >= ?", 300)
    house.put_head_back(300)
    assert client.sample("ledger_rolled_back") == 1
    assert client.sample("ledger_extendable") == 0
    assert client.sample("ledger_entries") == 300


def test_a_database_that_is_away_leaves_the_counts(house: House, client: Client) -> None:
    client.get("/log/110000/tile/0/000")
    house.lie("DROP TABLE checkpoints")
    assert client.sample("ledger_readable") == 0
    assert client.sample('ledger_tile_requests_total{kind="hashes",outcome="served"}') == 1


def test_requests_for_tiles_are_counted_by_what_became_of_them(client: Client) -> None:
    etag = client.get("/log/110000/tile/entries/000").headers["etag"]
    client.get("/log/110000/tile/entries/000", headers={"if-none-match": etag})
    client.get("/log/110000/tile/entries/003")
    client.get("/log/110000/tile/0/0")
    client.get("/log/110000/tile/0/1")
    for labels, want in {
        'kind="entries",outcome="served"': 1,
        'kind="entries",outcome="not_modified"': 1,
        'kind="entries",outcome="absent"': 1,
        'kind="none",outcome="absent"': 2,
    }.items():
        assert client.sample(f"ledger_tile_requests_total{{{labels}}}") == want


def test_appends_are_counted_by_their_answer(house: House, client: Client) -> None:
    watched(house, client)
    append(house, an_event(1), an_event(2))
    with pytest.raises(StreamMovedOn):
        append(house, an_event(2))
    house.wiring.appender.close()  # it counts after it has answered
    assert client.sample('ledger_appends_total{code="accepted"}') == 1
    assert client.sample('ledger_appends_total{code="stream_moved_on"}') == 1
    assert client.sample("ledger_commit_entries_count") == 1
    assert client.sample("ledger_commit_entries_sum") == 2
    assert client.sample("ledger_commit_seconds_count") == 1


def test_a_lost_write_ends_the_service_for_good(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.append(event_at(SIZE))
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", _raise(errno.EIO))
        response = client.get(CHECKPOINT)
        assert (response.status_code, response.json()["code"]) == (503, "storage_lost")
    assert client.ended == [None]
    # That the next write would succeed says nothing of the one before.
    for path in ("/healthz", "/readyz", CHECKPOINT, "/log/110000/tile/0/000"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (503, "storage_lost")
    watched(house, client)
    with pytest.raises(StorageLostError):
        append(house, an_event(1))
    assert client.ended == [None]


def test_a_full_disk_passes(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = client.get(CHECKPOINT).content
    house.append(event_at(SIZE))
    with monkeypatch.context() as full:
        full.setattr("os.fsync", _raise(errno.ENOSPC))
        # What was signed before is still true, and read.
        assert client.get(CHECKPOINT).content == old
        assert client.get("/log/110000/tile/0/000").status_code == 200
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (507, "disk_full")
        del house.wiring.__dict__["files"]
        fresh = Client(house)
        assert fresh.get(CHECKPOINT).status_code == 507
        assert client.get("/healthz").status_code == 200
    assert client.ended == []
    assert client.get("/readyz").json()["size"] == SIZE + 1
    assert client.get(CHECKPOINT).content != old


def test_little_room_is_said_before_it_is_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.application.log_state.FREE_BYTES_MIN", 2**62)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "disk_nearly_full")
    assert client.get(CHECKPOINT).status_code == 200


def _raise(number: int) -> object:
    def failing(_descriptor: int) -> None:
        raise OSError(number, "on command")

    return failing


def test_a_commit_that_the_disk_lost_is_never_read_back_from_memory(
    sqlite_house: House, sqlite_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(sqlite_house, sqlite_client)
    commit = sqlite_writing.SqliteWriter.commit

    def commit_and_fail(self: object, *args: object, **more: object) -> None:
        commit(self, *args, **more)  # type: ignore[arg-type]
        error = sqlite_module().OperationalError("disk I/O error")
        error.sqlite_errorcode = 1034  # SQLITE_IOERR_FSYNC
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(sqlite_writing.SqliteWriter, "commit", commit_and_fail)
        with pytest.raises(OutcomeUnknownError):
            append(sqlite_house, an_event(1))
    with pytest.raises(StorageLostError):
        append(sqlite_house, an_event(2))
    assert sqlite_client.ended == [None]


def test_what_the_databases_say_of_a_disk_is_understood(tmp_path: Path) -> None:
    error = sqlite_module().OperationalError("disk I/O error")
    for code, lost, full in ((1034, True, False), (266, False, False), (13, False, True)):
        error.sqlite_errorcode = code
        wrapped = sa.exc.OperationalError("INSERT", None, error)
        assert (is_storage_lost(wrapped), is_disk_full(wrapped)) == (lost, full)
    unknown = OutcomeUnknownError(uuid.uuid4())
    unknown.__cause__ = OSError(errno.EIO, "x")
    assert is_storage_lost(unknown)
    assert not is_storage_lost(FileNotFoundError(errno.ENOENT, "x"))
