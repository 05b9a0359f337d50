"""What a backup takes along of those who sign in: names and passwords, no session."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from ledger.store.access_rows import AccessRows, Chosen
from ledger.store.backing_up import begin_backup, opened_copy, write_log_copy
from ledger.store.schema import PASSING, metadata
from ledger.store.throttle_rows import Limit, ThrottleRows
from tests.store.ledgers import ORIGIN, Ledger, secret

ONE = UUID(int=1)
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def test_a_backup_lets_people_in_again_and_brings_no_session_back(
    ledger: Ledger, tmp_path: Path
) -> None:
    rows = AccessRows(ledger.engine, origin=ORIGIN, secret=secret("seal"))
    chosen = Chosen(ONE, "Zhang", "zhang", "$argon2id$1")
    rows.claim(chosen)
    rows.settle(chosen)
    rows.begin_session("token", ONE, chosen.credential, now=NOW, until=NOW + timedelta(hours=1))
    counts = ThrottleRows(ledger.engine, origin=ORIGIN, secret=secret("seal"))
    counts.count("it", Limit(1, timedelta(minutes=1)), now=NOW)
    folder = tmp_path / "backup"
    begin_backup(folder)
    copied = write_log_copy(
        ledger.engine, folder, origin=ORIGIN, progress=lambda _done, _size: None
    )
    counted = {table.name: table.rows for table in copied.tables}
    assert (counted["sign_in_names"], counted["credentials"]) == (1, 1)
    with opened_copy(folder, "log", ORIGIN) as copy:
        for table in PASSING:
            assert table.name not in counted
            assert list(copy.rows(table)) == []
        [name] = copy.rows(metadata.tables["sign_in_names"])
        assert name[2:4] == ("Zhang", ONE.hex)
