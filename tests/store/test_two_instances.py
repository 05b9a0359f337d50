"""Two instances, each with a data folder of its own, on one ledger: nothing forks even so."""

import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.proof.checkpoint import open_checkpoint
from ledger.store.event import RolledBackError
from tests.store.ledgers import Ledger, Place, noted, opened, some_uuid
from tests.store.workers import append_some, publish_some


@pytest.fixture
def twin(ledger: Ledger, tmp_path: Path) -> Place:
    """Return the same ledger from another data folder: a copy of register and vault."""
    ledger.append(noted())
    folder = tmp_path / "twin"
    folder.mkdir()
    for name in ("head", "vault.sqlite"):
        shutil.copy(ledger.place.folder / name, folder / name)
    return replace(ledger.place, folder=folder)


def test_two_instances_that_append_and_sign_at_once_do_not_fork(
    ledger: Ledger, twin: Place
) -> None:
    context = multiprocessing.get_context("forkserver")
    places = (ledger.place, twin)
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        appending = [pool.submit(append_some, place, 25, 3) for place in places]
        signing = [pool.submit(publish_some, place, 15) for place in places]
        answers = [answer for each in appending for answer in each.result()]
        notes = [note for each in signing for note in each.result()]
    stored: dict[str, list[int]] = {}
    for row in ledger.rows()[1:]:
        stored.setdefault(str(row.submission), []).append(row.seq)
    assert stored == {id_: [*range(first, first + count)] for id_, first, count in answers}
    assert ledger.seqs() == list(range(1 + 2 * 25 * 3))
    # Whatever either of them has signed, the log that there is now begins with it.
    key = ledger.signing_keys[0].verifier_key
    roots = {open_checkpoint(note, key).size: open_checkpoint(note, key).root for note in notes}
    assert {open_checkpoint(note, key).root for note in notes} == set(roots.values())
    for place in places:
        with opened(place) as each:
            # Each register is behind by what the other appended last, and takes it in.
            head = each.publisher.check()
            assert each.register.read() == head.edge
            assert head.size == 151
            assert each.codes() == []


def test_one_instance_continues_what_the_other_has_appended(
    ledger: Ledger, twin: Place
) -> None:
    stream = some_uuid()
    with opened(twin) as other:
        for version in range(1, 7):
            (ledger, other)[version % 2].append(noted(stream=stream, version=version))
        assert ledger.codes() == []
        assert other.codes() == []


def test_a_register_ahead_of_a_rewound_database_stops_its_own_instance(
    ledger: Ledger, twin: Place
) -> None:
    """The other one cannot know; but what it then appends, the first never signs."""
    with ledger.engine.connect() as connection:
        head = dict(connection.exec_driver_sql("SELECT * FROM heads").mappings().one())
    ledger.append(noted("cut off"))
    ledger.as_dba("DELETE FROM entries WHERE seq = 1")
    ledger.as_dba(
        "UPDATE heads SET size = :size, leaf = :leaf, time = :time, edge = :edge, mac = :mac",
        **{name: head[name] for name in ("size", "leaf", "time", "edge", "mac")},
    )
    with pytest.raises(RolledBackError):
        ledger.append(noted())
    with opened(twin) as other:
        other.append(noted("another"), noted("another"))
    for act in (ledger.publisher.publish, lambda: ledger.append(noted())):
        with pytest.raises(RolledBackError):
            act()
