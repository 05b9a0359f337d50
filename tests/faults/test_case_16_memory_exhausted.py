"""No memory is left in the middle of a large batch: it is there whole or not at all."""

import resource
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.v1.running import RunningTown, TownBase, running
from tests.api.v1.settling import REVIEWED
from tests.application.serving import EVALUATION, SERVICE
from tests.application.volunteering import ENTRY, NOTICE, WANG
from tests.faults.conftest import Shown
from tests.faults.scene import wait_until

MIB = 1024 * 1024
BATCHES = ((100, 0), (200, 1), (300, 2), (400, 64))
"""Records of one submission, and how many MiB more than it has a worker may take.

Each needs more than those before it: what they needed is not given back.
"""
VOLUNTEER = "00000000-0000-4000-8000-000000001600"

_minutes = count()


def status(pid: int) -> Mapping[str, str]:
    """Return what the system says of a process; nothing where it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def workers(town: RunningTown) -> list[int]:
    """Return the processes that answer requests."""
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    parent = str(town.service.process.pid)
    return [pid for pid in pids if status(pid).get("PPid") == parent]


@contextmanager
def starved(town: RunningTown, headroom_mib: int) -> Iterator[None]:
    """Let no worker have more memory than it has, and a little."""
    limited = workers(town)
    for pid in limited:
        has_kib = int(status(pid).get("VmSize", "0 kB").split()[0])
        limit = has_kib * 1024 + headroom_mib * MIB
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        for pid in limited:
            with suppress(ProcessLookupError):  # it may not have survived
                resource.prlimit(pid, resource.RLIMIT_AS, unlimited)


def prepared(town: RunningTown) -> str:
    """Register an activity and a volunteer; return the activity."""
    said = WANG | {"id_type": "passport", "id_number": "E16000000"}
    volunteer = {
        "act": "volunteer.register",
        "id": VOLUNTEER,
        "particulars": said,
        "policy": NOTICE,
        "consents": [ENTRY],
    }
    items = [{"act": "activity.register", **town.activity_said()}, volunteer]
    answer = town.submit(town.signed(*items, jti="jti-begin-16"))
    assert answer.status_code == 201, answer.text
    activity: str = answer.json()["items"][0]["id"]
    return activity


def batch(town: RunningTown, activity: str, records: int) -> bytes:
    """Return a submission of so many records, none of which was sent before."""
    items = [record(town, activity, next(_minutes)) for _ in range(records)]
    return town.signed(*items, jti=f"jti-starved-{records:04}")


def record(town: RunningTown, activity: str, number: int) -> dict[str, Any]:
    day, minute = divmod(number, 600)
    start = f"2026-11-{1 + day:02}T{8 + minute // 60:02}:{minute % 60:02}+08:00"
    end = f"2026-11-{1 + day:02}T{9 + minute // 60:02}:{minute % 60:02}+08:00"
    return {
        "act": "record.submit",
        "activity": activity,
        "volunteer": VOLUNTEER,
        "recorder": town.id("entrusted.recorder"),
        **SERVICE,
        "start": start,
        "end": end,
        "break_minutes": 0,
        "evaluation": EVALUATION,
    }


def tried(town: RunningTown, content: bytes) -> int | None:
    """Return how a submission is answered, None where nobody answers."""
    try:
        return town.submit(content).status_code
    except httpx.TransportError:
        return None


def answers(town: RunningTown) -> bool:
    with suppress(httpx.TransportError):
        return town.get("/me", "station.recorder").status_code == 200
    return False


def swept(town: RunningTown, activity: str) -> Iterator[int | None]:
    """Send batches, and yield how each is answered."""
    for records, headroom in BATCHES:
        size, content = town.size(), batch(town, activity, records)
        with starved(town, headroom):
            answer = tried(town, content)
        # A record and its statement each, and what says that they were received.
        whole, grown = 2 * records + 1, town.size() - size
        assert grown in (0, whole), "a batch is there in part"
        assert grown == whole or answer != 201, "acknowledged, and lost"
        wait_until(lambda: answers(town))
        again = town.submit(content)
        assert again.status_code == (200 if grown else 201), again.text
        assert town.size() - size == whole
        yield answer


@pytest.mark.case(16, "memory exhausted during a large batch")
def test_a_batch_is_taken_in_whole_or_not_at_all(
    town_base: TownBase, tmp_path: Path, shown: Shown
) -> None:
    shown.by("prlimit --as on both workers, 100 to 400 records in one submission")
    with running(town_base, tmp_path, at=REVIEWED, options=("--workers", "2")) as town:
        town.sign_in("station.recorder")
        seen = list(swept(town, prepared(town)))
        assert seen[-1] == 201
        assert set(seen) != {201}
        verified = town.shell.run("audit", "verify", "--json")
        assert verified.returncode == 0, verified.stdout
    shown.saw(batches=len(seen), **told(seen), in_part=0, retried="once each", auditor="clean")


def told(seen: Sequence[int | None]) -> dict[str, int]:
    return {
        "refused": sum(each not in (None, 201) for each in seen),
        "cut_off": seen.count(None),
        "taken_in": seen.count(201),
    }
