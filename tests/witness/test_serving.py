"""The witness as a process: over HTTP, through kills, and against hostile clients."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
import uvicorn

import ledger.witness.app as app_module
from ledger.proof.add_checkpoint import REQUEST_BYTES_MAX, origin_hash
from ledger.proof.checkpoint import parse_checkpoint, verify_signature
from ledger.proof.note import parse_note
from ledger.witness.app import make_witness_app
from ledger.witness.memory import WitnessFolder
from tests.api.service import DEADLINE_S
from tests.shell import Shell
from tests.witness.foreign_log import LOG, OtherLog
from tests.witness.serving import NAME, Served, enrol, witnessing
from tests.witness.test_cosigning import started

CANNOT = 2
OTHER = OtherLog()
LATEST = f"/{origin_hash(LOG)}/checkpoint"


@pytest.fixture
def made(tmp_path: Path) -> Shell:
    """Return a folder with a witness that knows one log."""
    shell = Shell(tmp_path)
    WitnessFolder(tmp_path / "witness").create(NAME, mldsa=False)
    enrol(shell, [OTHER.verifier_key])
    return shell


@pytest.fixture
def served(made: Shell) -> Iterator[Served]:
    with witnessing(made) as running:
        yield running


def test_the_specification_s_answers_stand_on_the_wire(served: Served) -> None:
    assert httpx.get(served.url + LATEST).status_code == 404
    good = served.post(OTHER.request(0, 7))
    assert good.status_code == 200
    assert good.headers["content-type"] == "text/plain; charset=utf-8"
    note = OTHER.note(7)
    both = parse_note(note.encode() + good.content)
    assert verify_signature(both, served.key) is not None
    conflict = served.post(OTHER.request(3, 9))
    assert (conflict.status_code, conflict.content) == (409, b"7\n")
    assert conflict.headers["content-type"] == "text/x.tlog.size"
    assert served.post(b"garbage").status_code == 400
    assert served.post(OtherLog(origin="else.example.org").request(0, 7)).status_code == 404
    assert served.post(OtherLog(seed=b"x" * 32).request(0, 7)).status_code == 403
    assert served.post(b"old 7\n\n" + OTHER.note(9).encode()).status_code == 422
    shown = httpx.get(served.url + LATEST)
    assert parse_note(shown.content) == both
    for path in ("/..%2fwitness.key", "/enrolled/checkpoint", "/%00/checkpoint", "/x" * 2_000):
        assert httpx.get(served.url + path).status_code == 404


def test_what_was_answered_survives_a_kill(made: Shell) -> None:
    """Killed while it answers: whatever it had cosigned, it remembers, and nothing less."""
    size = acknowledged = 0
    for round_ in range(3):
        with witnessing(made) as served:
            held = size_of(httpx.get(served.url + LATEST))
            assert held >= acknowledged
            size = held
            killer = threading.Timer(
                0.2 * (round_ + 1), os.kill, (served.process.pid, signal.SIGKILL)
            )
            killer.start()
            try:
                while served.post(OTHER.request(size, size + 1)).status_code == 200:
                    size += 1
                    acknowledged = size
            except httpx.TransportError:
                killer.join()
    assert acknowledged > 0
    with witnessing(made) as served:
        held = size_of(httpx.get(served.url + LATEST))
        assert held in (acknowledged, acknowledged + 1)


def size_of(shown: httpx.Response) -> int:
    if shown.status_code == HTTPStatus.NOT_FOUND:
        return 0
    return parse_checkpoint(parse_note(shown.content).text).size


def test_bodies_of_any_size_take_little_memory(served: Served) -> None:
    served.post(OTHER.request(0, 7))
    before = served.memory_kib()

    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b"x" * (1 << 20)

    statuses: list[int] = []

    def post() -> None:
        try:
            answer = httpx.post(f"{served.url}/add-checkpoint", content=endless(), timeout=60)
            statuses.append(answer.status_code)
        except httpx.TransportError:
            statuses.append(413)  # it closed the connection in the middle of the body

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [413] * 8
    # 8 × 64 MiB were sent; what may be held is bounded by what a request may have.
    assert served.memory_kib() - before < 8 * REQUEST_BYTES_MAX * 6 // 1024
    assert served.post(OTHER.request(7, 9)).status_code == 200


def test_the_largest_body_that_may_be_is_read(served: Served) -> None:
    assert served.post(b"x" * REQUEST_BYTES_MAX).status_code == 400
    assert served.post(b"x" * (REQUEST_BYTES_MAX + 1)).status_code == 413


def test_what_is_no_http_does_not_harm(served: Served) -> None:
    port = int(served.url.rpartition(":")[2])
    for garbage in (
        b"\x16\x03\x01" + b"\xff" * 500,
        b"POST / HTTP/9.9\r\n\r\n",
        b"\r\n" * 5_000,
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as client:
            client.sendall(garbage)
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as client:
        client.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nold"
        )
    assert served.post(OTHER.request(0, 7)).status_code == 200


def test_many_at_once_get_one_cosignature(served: Served) -> None:
    served.post(OTHER.request(0, 7))
    statuses: list[int] = []
    body = OTHER.request(7, 40)
    threads = [
        threading.Thread(target=lambda: statuses.append(served.post(body).status_code))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 15


def test_a_body_that_does_not_come_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its bound the body would be awaited for ever, and this test with it."""
    monkeypatch.setattr(app_module, "BODY_S", 0.2)
    folder = WitnessFolder(tmp_path / "witness")
    folder.create(NAME, mldsa=False)
    config = uvicorn.Config(make_witness_app(started(folder)), port=0, log_config=None)
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        with socket.create_connection(listening.getsockname(), timeout=DEADLINE_S) as client:
            client.sendall(
                b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nold 0\n"
            )
            assert client.recv(4_096).startswith(b"HTTP/1.1 408 ")
    finally:
        server.should_exit = True
        thread.join(DEADLINE_S)
        listening.close()


def test_a_witness_is_made_and_named(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    done = shell.run("witness", "init", "--name", NAME, "--mldsa")
    assert done.returncode == 0
    for key in WitnessFolder(tmp_path / "witness").read_keys():
        assert key.verifier_key.text() in done.stdout
        assert key.text() not in done.stdout
    assert (tmp_path / "witness" / "witness.key").stat().st_mode & 0o077 == 0


def test_a_second_witness_on_the_same_folder_is_refused(made: Shell, served: Served) -> None:
    done = made.run("witness", "serve", "--port", "0")
    assert done.returncode == CANNOT
    assert "Another instance" in done.stderr
    assert served.post(OTHER.request(0, 7)).status_code == 200


def test_what_is_missing_is_named(made: Shell) -> None:
    assert made.run("witness", "init", "--name", NAME).returncode == CANNOT
    assert made.run("witness", "init", "--name", "two words").returncode == CANNOT
    no_logs = Shell(made.folder).run("witness", "serve")
    assert no_logs.returncode == CANNOT
    assert "LEDGER_WITNESS_LOGS_FILE" in no_logs.stderr
    nowhere = made.run("witness", "serve", LEDGER_WITNESS_DIR="elsewhere")
    assert nowhere.returncode == CANNOT
    assert "ledger witness init" in nowhere.stderr
    (made.folder / "witness" / "enrolled").unlink()
    lost = made.run("witness", "serve")
    assert lost.returncode == CANNOT
    assert "its memory is lost" in lost.stderr


def test_a_lost_memory_is_told_at_the_start_and_the_others_are_served(made: Shell) -> None:
    second = OtherLog(origin="second.example.org", seed=b"2" * 32)
    enrol(made, [OTHER.verifier_key, second.verifier_key])
    with witnessing(made) as served:
        served.post(OTHER.request(0, 7))
        served.post(second.request(0, 7))
    (made.folder / "witness" / "logs" / origin_hash(LOG) / "latest").unlink()
    with witnessing(made) as served:
        assert served.post(OTHER.request(7, 9)).status_code == 503
        assert served.post(second.request(7, 9)).status_code == 200
    told = " ".join((made.folder / "witness.log").read_text("utf-8").split())
    assert f"cosigned for {LOG} is missing or damaged" in told
