"""A witness is down, slow or talks garbage: appends go on up to a bound, flagged, then stop."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import parse_note
from ledger.witness.cosigning import Reply
from ledger.witness.memory import WitnessFolder
from tests.api.service import DEADLINE_S, Service, serving
from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.insider import Insider
from tests.faults.outside import make_witness, standing, trust
from tests.faults.scene import Scene, wait_until
from tests.witness.scene import witness_key
from tests.witness.serving import Served, witnessing
from tests.witness.wire import Asked, Script, Wire, http, listening, replying

BOUND, EVENTS = 6, 3
"""Two submissions fit below the bound, and fill it."""
UNWITNESSED = "UnwitnessedError"


@pytest.fixture
def bounded(sqlite_scene: Scene) -> Scene:
    """Return a ledger that may run ahead of its witness by a few entries."""
    sqlite_scene.shell.env["LEDGER_UNWITNESSED_MAX"] = str(BOUND)
    sqlite_scene.shell.env["LEDGER_WITNESS_INTERVAL_S"] = "0.05"
    return sqlite_scene


def through(served: Served) -> Script:
    """Return a script that passes everything on to the witness."""

    def reply(asked: Asked) -> Reply:
        url = served.url + asked.path
        given = httpx.request(asked.method, url, content=asked.body, timeout=DEADLINE_S)
        return Reply(given.status_code, given.content, given.headers["content-type"])

    return replying(reply)


@contextmanager
def on_a_line(scene: Scene, folder: Path) -> Iterator[tuple[Served, Wire]]:
    """Run a witness that the ledger reaches over a line which a test can spoil."""
    with witnessing(make_witness(scene, folder)) as served, listening(through(served)) as wire:
        trust(scene, served.key, wire.url)
        yield served, wire


def is_witnessed(service: Service, size: int) -> None:
    """Wait until the witness has cosigned so much."""
    wait_until(lambda: service.metric("ledger_witnessed_entries") == size)


def goes_on_up_to_the_bound(scene: Scene, service: Service) -> dict[str, object]:
    """Appends are taken, flagged, and refused at the bound; what is shown stays witnessed."""
    size = scene.before
    assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == 0
    ready = service.get("/readyz")
    assert (ready.status_code, ready.json()["unwitnessed"]) == (200, EVENTS)
    assert service.metric("ledger_unwitnessed_entries") == EVENTS
    assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == 0
    assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == FAILED
    assert set(scene.told().refused.values()) == {UNWITNESSED}
    assert scene.size() == size + BOUND
    full = service.get("/readyz")
    assert (full.status_code, full.json()["code"]) == (503, "unwitnessed")
    assert service.metric("ledger_extendable") == 0
    shown = parse_checkpoint(parse_note(service.get("/log/110000/checkpoint").content).text)
    assert shown.size == size
    return {"appended_unwitnessed": BOUND, "then_refused": UNWITNESSED}


def catches_up(scene: Scene, service: Service) -> None:
    """The witness is back: what had waited is cosigned, and the log goes on."""
    is_witnessed(service, scene.before + BOUND)
    ready = service.get("/readyz")
    assert (ready.status_code, ready.json()["unwitnessed"]) == (200, 0)
    assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == 0
    is_witnessed(service, scene.before + BOUND + EVENTS)


def names_of_trouble(service: Service) -> set[str]:
    """Return why the witness is away, as `/metrics` has it."""
    lines = service.get("/metrics").text.splitlines()
    away = [line for line in lines if line.startswith("ledger_witness_away{")]
    return {line.partition('code="')[2].partition('"')[0] for line in away}


@pytest.mark.case(35, "witness down")
def test_a_witness_that_is_down(
    bounded: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("kill −9 of `ledger witness serve`; later it is started again")
    folder = tmp_path_factory.mktemp("outside")
    shell = make_witness(bounded, folder)
    with witnessing(shell) as served:
        trust(bounded, served.key, served.url)
        port = int(served.url.rpartition(":")[2])
        with serving(bounded.shell) as service:
            is_witnessed(service, bounded.before)
            os.kill(served.process.pid, signal.SIGKILL)
            served.process.wait(DEADLINE_S)
            seen = goes_on_up_to_the_bound(bounded, service)
            wait_until(lambda: names_of_trouble(service) == {"unreachable"})
            with witnessing(shell, port):
                catches_up(bounded, service)
                assert names_of_trouble(service) == set()
    shown.saw(**seen)
    bounded.sound()


@pytest.mark.case(35, "witness slow")
def test_a_witness_that_is_slow(
    bounded: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("its answers come byte by byte and do not end; later they come at once")
    over = threading.Event()

    def drip(_asked: Asked, client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.wait(0.05):
            client.sendall(b"x")

    with (
        on_a_line(bounded, tmp_path_factory.mktemp("outside")) as (served, wire),
        serving(bounded.shell) as service,
    ):
        is_witnessed(service, bounded.before)
        wire.script, asked = drip, len(wire.asked)
        try:
            seen = goes_on_up_to_the_bound(bounded, service)
            wait_until(lambda: len(wire.asked) > asked)
        finally:
            wire.script = through(served)
            over.set()
        catches_up(bounded, service)
    shown.saw(**seen)
    bounded.sound()


@pytest.mark.case(35, "witness answers garbage")
def test_garbage_never_counts(
    bounded: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("no text; another key's line; its own line over an older checkpoint; HTTP 500")
    with (
        on_a_line(bounded, tmp_path_factory.mktemp("outside")) as (served, wire),
        serving(bounded.shell) as service,
    ):
        is_witnessed(service, bounded.before)
        before = Insider(bounded).table("cosignatures")
        older = before[-1][-1]
        own = WitnessFolder(served.folder).read_keys()[0]

        def lines(asked: Asked, number: int) -> bytes:
            checkpoint = parse_checkpoint(parse_note(asked.note).text)
            other = sign_checkpoint(checkpoint, witness_key("x"), timestamp=2_000_000_000)
            future = sign_checkpoint(checkpoint, own, timestamp=4_000_000_000)
            bodies = (b"\xff\x00" * 99, other.text().encode(), older.encode())
            return http(200, (*bodies, future.text().encode())[number % 4])

        asked_before = len(wire.asked)
        wire.script = lambda asked, client: client.sendall(
            lines(asked, len(wire.posts())) if asked.method == "POST" else http(500)
        )
        seen = goes_on_up_to_the_bound(bounded, service)
        wait_until(lambda: len(wire.posts()) >= asked_before + 5)
        assert len(names_of_trouble(service)) == 1
        assert Insider(bounded).table("cosignatures") == before
        wire.script = through(served)
        catches_up(bounded, service)
    shown.saw(**seen, garbage_stored=0)
    bounded.sound()


@pytest.mark.case(35, "witness down, on PostgreSQL")
def test_the_bound_holds_on_postgresql(
    postgresql_scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by("the witness is stopped after its first word; two processes append")
    scene = postgresql_scene
    scene.shell.env["LEDGER_UNWITNESSED_MAX"] = str(BOUND)
    with standing(scene, tmp_path_factory.mktemp("outside")) as outside:
        outside.cosign(scene)
    running = [scene.append(Workload(submissions=9, events=1)) for _ in range(2)]
    assert [each.wait() for each in running] == [FAILED, FAILED]
    told = scene.told()
    assert sum(map(len, told.acknowledged.values())) == BOUND
    assert set(told.refused.values()) == {UNWITNESSED}
    assert scene.size() == scene.before + BOUND
    shown.saw(appended_unwitnessed=BOUND, then_refused=UNWITNESSED)
    scene.sound()
