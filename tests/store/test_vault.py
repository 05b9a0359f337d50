"""The vault: one key a person, which opens her boxes alone and can be destroyed for good."""

import multiprocessing
import threading
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.audit.finding import Code
from ledger.proof.box import Place as BoxPlace
from ledger.proof.box import open_box
from ledger.proof.canonical import encode
from ledger.proof.errors import ProofError
from ledger.store.event import PersonErased
from ledger.store.schema import boxes, data_keys
from ledger.store.vault import KeyRemainsError, Vault
from tests.store.ledgers import (
    ORIGIN,
    Ledger,
    Place,
    noted,
    opened,
    registered,
    secret,
    some_uuid,
)
from tests.store.workers import data_key


def box_of(ledger: Ledger, seq: int) -> bytes:
    """Return the one box of an entry."""
    with ledger.engine.connect() as connection:
        found: bytes = connection.execute(
            sa.select(boxes.c.box).where(boxes.c.seq == seq)
        ).scalar_one()
        return bytes(found)


def test_a_sealed_box_opens_with_the_persons_key(ledger: Ledger) -> None:
    person, stream = some_uuid(), some_uuid()
    ledger.append(event := registered(person, stream=stream))
    key = ledger.vault.key_for_opening(person)
    assert key is not None
    group = open_box(box_of(ledger, 0), data_key=key, place=BoxPlace(ORIGIN, stream, 1, person))
    assert group.facts == event.personal[person]
    assert ledger.codes() == []


def test_nothing_personal_stands_in_the_databases(ledger: Ledger, tmp_path: Path) -> None:
    person = some_uuid()
    ledger.append(event := registered(person))
    key = ledger.vault.key_for_opening(person)
    assert key is not None
    rows = ledger.rows()
    stored = b"".join([rows[0].plain, rows[0].personal, rows[0].entry, box_of(ledger, 0)])
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for value in event.personal[person].values():
        assert str(value).encode() not in stored + files
    assert key not in files


def test_a_key_under_another_key_encryption_key_is_refused(ledger: Ledger) -> None:
    person = some_uuid()
    ledger.append(registered(person))
    stranger = Vault(ledger.vault._engine, origin=ORIGIN, key_encryption_key=secret("other"))
    with pytest.raises(ProofError):
        stranger.key_for_opening(person)
    assert isinstance(stranger.keys_for_sealing([person])[person], ProofError)


@pytest.mark.parametrize("of", ["another person", "another ledger"])
def test_a_wrapped_key_cannot_be_given_to_anybody_else(ledger: Ledger, of: str) -> None:
    one, two = some_uuid(), some_uuid()
    ledger.append(registered(one), registered(two))
    wrapped = _wrapped(ledger, one)
    if of == "another ledger":
        cipher = AESGCM(secret("key-encryption key"))
        nonce = bytes(12)
        place = encode(["data key", "other.example/log/1", two])
        wrapped = nonce + cipher.encrypt(nonce, secret("data key"), place)
    with ledger.vault._engine.begin() as connection:
        connection.execute(
            sa.update(data_keys)
            .where(data_keys.c.person == uuid.UUID(two))
            .values(wrapped=wrapped)
        )
    with pytest.raises(ProofError):
        ledger.vault.key_for_opening(two)


def _wrapped(ledger: Ledger, person: str) -> bytes:
    query = sa.select(data_keys.c.wrapped).where(data_keys.c.person == uuid.UUID(person))
    with ledger.vault._engine.connect() as connection:
        found: bytes = connection.execute(query).scalar_one()
        return found


def test_a_box_moved_to_another_event_or_person_does_not_open(ledger: Ledger) -> None:
    one, two, stream = some_uuid(), some_uuid(), some_uuid()
    ledger.append(registered(one, stream=stream), registered(one, stream=stream))
    ledger.append(registered(two))
    key = ledger.vault.key_for_opening(one)
    assert key is not None
    places = [
        BoxPlace(ORIGIN, stream, 2, one),
        BoxPlace(ORIGIN, some_uuid(), 1, one),
        BoxPlace(ORIGIN, stream, 1, two),
        BoxPlace("other.example/log/1", stream, 1, one),
    ]
    for place in places:
        with pytest.raises(ProofError):
            open_box(box_of(ledger, 0), data_key=key, place=place)
    other = box_of(ledger, 1)
    ledger.as_dba("UPDATE boxes SET box = :other WHERE seq = 0", other=other)
    assert ledger.codes() == [Code.BOX_DIFFERS]


def test_a_closed_key_seals_nothing_more_and_still_opens(ledger: Ledger) -> None:
    person, other = some_uuid(), some_uuid()
    ledger.append(registered(person))
    ledger.vault.close(person)
    with pytest.raises(PersonErased) as refused:
        ledger.append(noted(), registered(person))
    assert refused.value.person == person
    assert ledger.append(registered(other)).first_seq == 1
    assert ledger.vault.key_for_opening(person) is not None
    ledger.vault.close(person)
    assert ledger.codes() == []


def test_a_destroyed_key_is_in_none_of_the_files(ledger: Ledger, tmp_path: Path) -> None:
    person, others = some_uuid(), [some_uuid() for _ in range(30)]
    ledger.append(*[registered(each) for each in (*others[:15], person, *others[15:])])
    wrapped = _wrapped(ledger, person)
    assert wrapped in _vault_bytes(tmp_path)
    ledger.vault.destroy(person)
    assert wrapped not in _vault_bytes(tmp_path)
    assert wrapped[12:44] not in _vault_bytes(tmp_path)
    assert _wrapped(ledger, others[0]) in _vault_bytes(tmp_path)
    assert ledger.vault.key_for_opening(person) is None
    ledger.vault.destroy(person)
    with pytest.raises(PersonErased):
        ledger.append(registered(person))
    assert set(ledger.codes()) == {Code.PERSONAL_MISSING}


def _vault_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("vault.sqlite*"))


def test_a_reader_who_holds_the_old_pages_delays_the_destruction(
    sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    """SQLite reports only by a row that it could not empty the write-ahead log."""
    person = some_uuid()
    sqlite_ledger.append(registered(person))
    wrapped = _wrapped(sqlite_ledger, person)
    with opened(sqlite_ledger.place) as other, other.vault._engine.connect() as reader:
        reader.execute(sa.select(data_keys.c.person)).all()
        destroying = threading.Thread(target=sqlite_ledger.vault.destroy, args=(person,))
        destroying.start()
        destroying.join(timeout=1)
        assert destroying.is_alive()
    destroying.join()
    assert wrapped not in _vault_bytes(tmp_path)


def test_a_destruction_that_could_not_be_finished_is_an_error_and_repeated(
    sqlite_ledger: Ledger, tmp_path: Path
) -> None:
    person = some_uuid()
    sqlite_ledger.append(registered(person))
    wrapped = _wrapped(sqlite_ledger, person)
    with opened(sqlite_ledger.place) as other, opened(sqlite_ledger.place) as reading:
        sa.event.listen(other.vault._engine, "connect", _be_impatient)
        with reading.vault._engine.connect() as reader:
            reader.execute(sa.select(data_keys.c.person)).all()
            with pytest.raises(KeyRemainsError) as refused:
                other.vault.destroy(person)
            assert refused.value.person == person
            assert wrapped in _vault_bytes(tmp_path)
        other.vault.destroy(person)
    assert wrapped not in _vault_bytes(tmp_path)


def _be_impatient(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 10")


def test_an_unknown_person_has_no_key_and_can_be_erased_beforehand(ledger: Ledger) -> None:
    person = some_uuid()
    assert ledger.vault.key_for_opening(person) is None
    ledger.vault.destroy(person)
    with pytest.raises(PersonErased):
        ledger.append(registered(person))


def test_two_processes_make_one_key(place: Place, ledger: Ledger) -> None:
    context = multiprocessing.get_context("forkserver")
    persons = [some_uuid() for _ in range(10)]
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        asked = [pool.submit(data_key, place, person) for person in persons for _ in range(2)]
        keys = [each.result() for each in asked]
    assert None not in keys
    assert keys[::2] == keys[1::2]
    assert len(set(keys)) == 10
    assert keys[::2] == [ledger.vault.key_for_opening(person) for person in persons]


def test_of_many_persons_asked_for_at_once_each_is_found(sqlite_ledger: Ledger) -> None:
    persons = [some_uuid() for _ in range(1_201)]
    known = persons[::400]
    made = sqlite_ledger.vault.keys_for_sealing(known)
    found = sqlite_ledger.vault.keys_for_opening(persons)
    assert {person: key for person, key in found.items() if key is not None} == made
    assert list(found) == persons
