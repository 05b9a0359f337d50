"""Erasing a person: declared once, undone by no crash and by no backup, and hiding nothing."""

import shutil
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.application.erasing import (
    Erasure,
    UnprovenErasuresError,
    erase_person,
    reapply_erasures,
)
from ledger.audit.finding import Code
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.facts import parse_group
from ledger.proof.shapes import FACTS_ERASED
from ledger.store.erasures import Erasures
from ledger.store.event import Appended, NewEvent, PersonErased, StreamMovedOn, Submission
from tests.store.clocks import Stopped
from tests.store.ledgers import (
    STAFF,
    Ledger,
    noted,
    opened,
    registered,
    some_uuid,
)

BACKUPS_GONE = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)
PERSON = "00000000-0000-4000-8000-00000000aaaa"
OTHER = "00000000-0000-4000-8000-00000000bbbb"


class CrashError(Exception):
    """The process ends here."""


def erasures(ledger: Ledger) -> Erasures:
    """Return the erasures of a ledger."""
    return Erasures(ledger.engine, ledger.publisher, origin=ledger.origin)


def erase(ledger: Ledger, person: str = PERSON) -> tuple[int, ...]:
    """Erase a person."""
    return erase_person(
        Erasure(person, STAFF, BACKUPS_GONE, uuid.uuid4()),
        erasures=erasures(ledger),
        vault=ledger.vault,
        appender=ledger.appender,
    )


def declared(ledger: Ledger) -> list[dict[str, object]]:
    """Return the facts of every `facts.erased` in the log."""
    facts = [parse_group(row.plain).facts for row in ledger.rows() if row.topic == FACTS_ERASED]
    return [dict(each) for each in facts]


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Return a ledger in which the person occurs at 0, 2 and 4, another at 1 and 4."""
    pair = NewEvent(
        stream=some_uuid(),
        type="pair.registered",
        shape=1,
        by=STAFF,
        facts={},
        personal={PERSON: {"name": "张示例"}, OTHER: {"guardian_name": "李示例"}},
    )
    ledger.append(registered(PERSON), registered(OTHER), registered(PERSON), noted(), pair)
    return ledger


def test_an_erased_persons_key_is_gone_and_the_log_says_so(filled: Ledger) -> None:
    assert erase(filled) == (0, 2, 4)
    assert filled.vault.key_for_opening(PERSON) is None
    [facts] = declared(filled)
    assert (facts["person"], facts["entries"]) == (PERSON, [0, 2, 4])
    assert facts["backups_gone"] == "2026-12-24T08:00:00.000000Z"
    assert facts["by"] == STAFF
    assert filled.codes() == []


def test_others_go_on(filled: Ledger) -> None:
    erase(filled)
    with pytest.raises(PersonErased):
        filled.append(registered(PERSON))
    filled.append(registered(OTHER))
    assert filled.vault.key_for_opening(OTHER) is not None
    assert filled.codes() == []


def test_only_the_named_entries_may_miss_facts(filled: Ledger) -> None:
    erase(filled)
    filled.vault.destroy(OTHER)
    with opened(filled.place) as reopened:
        assert reopened.codes() == [Code.PERSONAL_MISSING] * 2  # 1, and the other's at 4
        erase(reopened, OTHER)
        assert reopened.codes() == []


def test_erasing_again_changes_nothing(filled: Ledger) -> None:
    assert erase(filled) == erase(filled) == (0, 2, 4)
    assert len(declared(filled)) == 1


def test_somebody_of_whom_nothing_is_known_is_erased_all_the_same(filled: Ledger) -> None:
    stranger = some_uuid()
    assert erase(filled, stranger) == ()
    assert [facts["entries"] for facts in declared(filled)] == [[]]
    with pytest.raises(PersonErased):
        filled.append(registered(stranger))
    assert erase(filled, stranger) == ()
    assert len(declared(filled)) == 1


class Steps:
    """Lets the process crash after the given one of the four steps."""

    def __init__(self, ledger: Ledger, crash_after: int) -> None:
        self.left = crash_after
        self.vault = self.erasures = self.appender = self
        self._ledger, self._erasures = ledger, erasures(ledger)
        self.stream, self.boxed, self.of = (
            self._erasures.stream,
            self._erasures.boxed,
            self._erasures.of,
        )

    def close(self, person: str) -> None:
        self._step(lambda: self._ledger.vault.close(person))

    def wait_for_appends(self) -> None:
        self._step(self._erasures.wait_for_appends)

    def append(self, submission: Submission) -> Appended:
        answer: list[Appended] = []
        self._step(lambda: answer.append(self._ledger.appender.append(submission)))
        return answer[0]

    def destroy(self, person: str) -> None:
        self._step(lambda: self._ledger.vault.destroy(person))

    def _step(self, act: Callable[[], None]) -> None:
        if self.left == 0:
            raise CrashError
        self.left -= 1
        act()


@pytest.mark.parametrize("crash_after", [0, 1, 2, 3])
def test_a_crash_after_any_step_is_made_good_by_repeating(
    filled: Ledger, crash_after: int
) -> None:
    steps = Steps(filled, crash_after)
    with pytest.raises(CrashError):
        erase_person(
            Erasure(PERSON, STAFF, BACKUPS_GONE, uuid.uuid4()),
            erasures=steps,  # type: ignore[arg-type] # stands in for all three
            vault=steps,  # type: ignore[arg-type]
            appender=steps,  # type: ignore[arg-type]
        )
    # Nothing is missing that is not declared; a key that is still there is not passed over.
    assert filled.codes() == ([Code.ERASURE_UNDONE] if crash_after == 3 else [])
    with opened(filled.place) as reopened:
        assert erase(reopened) == (0, 2, 4)
        assert len(declared(reopened)) == 1
        assert reopened.vault.key_for_opening(PERSON) is None
        assert reopened.codes() == []


def test_two_processes_that_erase_at_once_declare_once(filled: Ledger) -> None:
    with opened(filled.place) as other, ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(erase, each) for each in (filled, other, filled, other)]
        assert [each.result() for each in answers] == [(0, 2, 4)] * 4
    assert len(declared(filled)) == 1
    assert filled.codes() == []


def test_facts_whose_key_was_still_open_are_named(filled: Ledger) -> None:
    """Given an append that has read the key, and is not stored when the key is closed."""
    clock = Stopped()
    with opened(filled.place, clock=clock) as other, ThreadPoolExecutor(1) as pool:
        late = other.submit(registered(PERSON))
        clock.entered.wait()
        erasing = pool.submit(erase, filled)
        while not isinstance(filled.vault.keys_for_sealing([PERSON])[PERSON], PersonErased):
            time.sleep(0.01)
        time.sleep(0.2)
        went_no_further = filled.vault.key_for_opening(PERSON) is not None
        clock.go.set()
        assert went_no_further
        assert late.result() == Appended(5, 1)
        assert erasing.result() == (0, 2, 4, 5)
    assert filled.codes() == []


def restored(ledger: Ledger, backup: Path) -> None:
    """Bring back an older copy of the vault."""
    ledger.vault.close_connections()
    vault = ledger.place.folder / "vault.sqlite"
    for path in vault.parent.glob("vault.sqlite*"):
        path.unlink()
    shutil.copy(backup, vault)


@pytest.fixture
def backup(filled: Ledger, tmp_path: Path) -> Path:
    """Return a copy of the vault from before the erasure."""
    filled.vault.close_connections()
    return Path(shutil.copy(filled.place.folder / "vault.sqlite", tmp_path / "backup"))


def test_a_restored_backup_brings_nobody_back(filled: Ledger, backup: Path) -> None:
    erase(filled)
    restored(filled, backup)
    assert filled.vault.key_for_opening(PERSON) is not None
    assert reapply_erasures(erasures=erasures(filled), vault=filled.vault) == (PERSON,)
    assert filled.vault.key_for_opening(PERSON) is None
    assert filled.vault.key_for_opening(OTHER) is not None
    with pytest.raises(PersonErased):
        filled.append(registered(PERSON))
    assert reapply_erasures(erasures=erasures(filled), vault=filled.vault) == (PERSON,)
    assert filled.codes() == []


def test_what_came_in_after_a_restored_backup_is_erased_and_declared(
    filled: Ledger, backup: Path
) -> None:
    """Given that nobody applied the erasures before the service started."""
    erase(filled)
    restored(filled, backup)
    late = filled.append(registered(PERSON)).first_seq
    assert erase(filled) == (0, 2, 4, late)
    assert [facts["entries"] for facts in declared(filled)] == [[0, 2, 4], [late]]
    assert filled.codes() == []


@pytest.mark.parametrize("where", ["beyond the end", "in the place of another"])
def test_a_planted_erasure_destroys_nobodys_key(filled: Ledger, where: str) -> None:
    erase(filled)
    true = filled.rows()[-1]
    forged = true.plain.replace(PERSON.encode(), OTHER.encode())
    assert forged != true.plain
    if where == "beyond the end":
        filled.as_dba(
            "INSERT INTO entries SELECT log, seq + 1, entry, leaf, stream, version,"
            " originator_version + 1, topic, :forged, personal, submission FROM entries"
            " WHERE seq = 5",
            forged=forged,
        )
    else:
        filled.as_dba(
            "UPDATE entries SET plain = :forged, topic = :topic WHERE seq = 3",
            forged=forged,
            topic=FACTS_ERASED,
        )
    with pytest.raises(UnprovenErasuresError) as refused:
        reapply_erasures(erasures=erasures(filled), vault=filled.vault)
    assert refused.value.seqs == [6 if where == "beyond the end" else 3]
    assert filled.vault.key_for_opening(OTHER) is not None
    assert filled.vault.key_for_opening(PERSON) is None


def test_a_planted_declaration_does_not_stand_in_for_the_true_one(filled: Ledger) -> None:
    stream = erasures(filled).stream(PERSON).replace("-", "")
    filled.as_dba(f"UPDATE entries SET stream = '{stream}', plain = personal WHERE seq = 2")
    with pytest.raises(ProofError):
        erase(filled)
    assert filled.vault.key_for_opening(PERSON) is not None


def test_something_else_in_the_stream_of_an_erasure_is_an_error(filled: Ledger) -> None:
    filled.append(noted(stream=erasures(filled).stream(PERSON)))
    with pytest.raises(StreamMovedOn):
        erase(filled)
    assert filled.vault.key_for_opening(PERSON) is not None


def test_an_erasure_is_checked_before_anything_is_closed(filled: Ledger) -> None:
    for person, by, gone in (
        ("", STAFF, BACKUPS_GONE),
        (PERSON.upper(), STAFF, BACKUPS_GONE),
        (PERSON, "somebody", BACKUPS_GONE),
        (PERSON, STAFF, BACKUPS_GONE.replace(tzinfo=None)),
    ):
        with pytest.raises(MalformedError):
            Erasure(person, by, gone, uuid.uuid4())
    assert filled.append(registered(PERSON)).count == 1
