"""What other processes do in the tests; a fork server imports it there."""

import sys
from pathlib import Path

from ledger.proof.merkle import Edge
from ledger.store.register import HeadRegister, RegisterMovedOn
from tests.store.ledgers import (
    ORIGIN,
    Place,
    noted,
    opened,
    registered,
    some_uuid,
    submission,
)

Acknowledged = list[tuple[str, int, int]]


def append_some(place: Place, submissions: int, events: int) -> Acknowledged:
    """Append from one more process; return what was acknowledged: id, first seq, count."""
    acknowledged = []
    with opened(place) as ledger:
        for _ in range(submissions):
            job = submission(*[noted() for _ in range(events)])
            appended = ledger.appender.append(job)
            acknowledged.append((str(job.id), appended.first_seq, appended.count))
    return acknowledged


def append_for_ever(place: Place) -> None:
    """Append three entries at a time and print the first seq of each, until killed."""
    with opened(place) as ledger:
        while True:
            appended = ledger.append(noted(), registered(some_uuid()), noted())
            sys.stdout.write(f"{appended.first_seq}\n")
            sys.stdout.flush()


def advance_register(path: Path, seed: int, times: int) -> int:
    """Advance a register by one leaf so many times; return how often another was faster."""
    register, overtaken = HeadRegister(path, origin=ORIGIN), 0
    done = 0
    while done < times:
        before = register.read()
        after = before.copy() if before is not None else Edge()
        after.append(bytes([seed]) * 32)
        try:
            register.advance(expected=before, new=after)
        except RegisterMovedOn:
            overtaken += 1
        else:
            done += 1
    return overtaken


def data_key(place: Place, person: str) -> bytes | None:
    """Return a person's data key, made now where there was none."""
    with opened(place) as ledger:
        key = ledger.vault.keys_for_sealing([person])[person]
        return key if isinstance(key, bytes) else None


def publish_some(place: Place, times: int) -> list[bytes]:
    """Publish while others append and publish."""
    with opened(place) as ledger:
        return [ledger.publisher.publish() for _ in range(times)]


if __name__ == "__main__":
    append_for_ever(Place(sys.argv[1], Path(sys.argv[2])))
