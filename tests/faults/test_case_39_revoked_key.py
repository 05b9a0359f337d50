"""A key that signs no more: refused when it is decided, however early the request had come."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import httpx
import pytest

from tests.api.v1.running import API, JOSE, RunningTown, TownBase, running, told
from tests.api.v1.settling import REVIEWED
from tests.application.town import public_key
from tests.faults.conftest import Shown
from tests.faults.scene import wait_until

REFUSED = (403, {"key_is_not_in_force"})
WHY = {"exposed_since": "2026-11-29", "reason": "服务器被入侵,私钥可能外泄。"}

_numbers = count()


def new_key(town: RunningTown, name: str) -> str:
    """Add a key to the entrusted organization; return its id."""
    said = {"public_key": public_key(name), "label": "临时密钥"}
    path = f"/organizations/{town.id('entrusted')}/keys"
    added: str = town.post(path, "entrusted.head", said)["added"]
    return added


def revoke(town: RunningTown, key: str) -> None:
    path = f"/organizations/{town.id('entrusted')}/keys/{key}/revocation"
    town.post(path, "entrusted.head", WHY)


def by_key(town: RunningTown, name: str, kid: str) -> bytes:
    """Return a submission of one activity under a key."""
    item = {"act": "activity.register", **town.activity_said()}
    return town.signed(item, key=name, kid=kid, jti=f"jti-by-{name}-{next(_numbers):04}")


@pytest.mark.case(39, "revoked key")
def test_what_a_revoked_key_signs_is_refused_and_what_it_signed_stays(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("a submission before and after POST …/keys/…/revocation, and the first one again")
    key = new_key(town, "revoked")
    before = by_key(town, "revoked", key)
    first = town.submit(before)
    assert first.status_code == 201, first.text
    revoke(town, key)
    size = town.size()
    assert told(town.submit(by_key(town, "revoked", key))) == REFUSED
    assert town.attempts(size - 1) == [
        (f"key:{key}", "submission.submit", {"key_is_not_in_force"})
    ]
    # It was in force when it signed this: the receipt is what it was.
    again = town.submit(before)
    assert (again.status_code, again.json()) == (200, first.json())
    keys = town.read(f"/organizations/{town.id('entrusted')}/keys", "entrusted.head")["items"]
    (revoked,) = (each for each in keys if each["key"] == key)
    assert revoked["revoked_at"].startswith("2026-11-30")
    assert revoked["exposed_since"] == "2026-11-29"
    shown.saw(
        before=201, after=403, receipt_of_before="as it was", key="revoked at, since when"
    )


@pytest.mark.case(39, "expired key")
def test_a_key_signs_to_its_last_day(town: RunningTown, shown: Shown) -> None:
    shown.by("a key whose last day was that of the founding, a week before")
    size = town.size()
    key = town.id("expired key")
    assert told(town.submit(by_key(town, "expired", key))) == REFUSED
    assert [each[0] for each in town.attempts(size - 1)] == [f"key:{key}"]
    in_time = town.read(f"/submissions/{town.id('signed in time')}", "entrusted.head")
    assert [each["status"] for each in in_time["items"]] == ["accepted"]
    shown.saw(after=403, signed_in_time="accepted, as it was")


@pytest.mark.case(39, "key revoked while its submission is being sent")
def test_a_key_revoked_while_its_bytes_are_on_the_way_is_refused(
    town: RunningTown, shown: Shown
) -> None:
    shown.by("half of the body; the key is revoked; the other half")
    key = new_key(town, "on-the-way")
    content = by_key(town, "on-the-way", key)

    def halves() -> Iterator[bytes]:
        yield content[: len(content) // 2]
        revoke(town, key)
        yield content[len(content) // 2 :]

    with httpx.Client(base_url=town.service.address, timeout=60) as client:
        answer = client.post(f"{API}/submissions", content=halves(), headers=JOSE)
    assert told(answer) == REFUSED
    shown.saw(answer=403)


@pytest.mark.case(39, "key revoked in another process")
def test_no_process_takes_in_what_a_key_signed_after_its_revocation(
    town_base: TownBase, tmp_path: Path, shown: Shown
) -> None:
    shown.by("two workers that know the key; four clients send on while it is revoked")
    with running(town_base, tmp_path, at=REVIEWED, options=("--workers", "2")) as town:
        key, is_revoked = new_key(town, "raced"), Event()
        with ThreadPoolExecutor(4) as pool:
            clients = [pool.submit(sent, town, key, is_revoked) for _ in range(4)]
            # Both have seen it in force by then.
            wait_until(lambda: len(town.entries("submission.received")) >= 12)
            revoke(town, key)
            is_revoked.set()
            answers = [each for client in clients for each in client.result()]
        (revocation,) = town.entries("organization_key.revoked")
        by = [each for each in town.entries("submission.received") if each.by == f"key:{key}"]
        assert max(each.seq for each in by) < revocation.seq
        assert len(by) == answers.count(201)
        assert set(answers) == {201, 403}
    shown.saw(taken_in=answers.count(201), refused=answers.count(403), after_the_revocation=0)


def sent(town: RunningTown, key: str, is_revoked: Event) -> list[int]:
    """Send one submission after another, and three when the key is revoked."""
    answers = []
    with httpx.Client(base_url=town.service.address, timeout=60) as client:
        left = 3
        while left:
            left -= is_revoked.is_set()
            content = by_key(town, "raced", key)
            answer = client.post(f"{API}/submissions", content=content, headers=JOSE)
            answers.append(answer.status_code)
            if left == 0:
                assert answer.status_code == 403
    return answers
