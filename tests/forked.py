"""Commands as processes of their own that begin where a prepared one forks, not from nothing.

Most of a short command is the import of what it is made of. Here one process has imported it,
and every command is a fork of it: with its own folder, environment, streams and exit code, and
killed alone. What begins otherwise (`suits`) does not go this way. Under another clock
(`tests.faults.shims`) the prepared process has its library too, and each fork its own offset.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from ledger.cli import COMMANDS, GROUPS
from tests.faults.shims import clock, library

ROOT = Path(__file__).parents[1]
WHOLE_PRODUCT = (
    "ledger.cli",
    *(f"ledger.commands.{each}" for each in {**COMMANDS, **GROUPS}.values()),
    "ledger.wiring.serving",
)
PREPARED = (
    *WHOLE_PRODUCT,
    "ledger.store.upgrading",
    "ledger.store.witness_exchange",
    "tests.faults.appending",
    "tests.keeping.killed",
    "tests.keys.killed",
)
_READY = b"ready\n"
_CLOCK = str(library())


def suits(env: Mapping[str, str]) -> bool:
    """Return whether nothing of an environment has to be there before Python or a module is."""
    return "PYTHONPATH" not in env and env.get("LD_PRELOAD", _CLOCK) == _CLOCK


class Forked:
    """A process that was begun so; it answers as `subprocess.Popen` does."""

    def __init__(self, connection: socket.socket, command: Sequence[str]) -> None:
        self._connection = connection
        self._command = command
        self._answers = connection.makefile()
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return its exit code, negative where a signal ended it; None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code once it has ended.

        Raises:
            subprocess.TimeoutExpired: It did not end in time.
        """
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(list(self._command), timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._connection], [], [], timeout)[0]:
            self.returncode = int(self._answers.readline())
            self._answers.close()
            self._connection.close()
        return self.returncode


def start(
    module: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    out: int,
    err: int,
    own_session: bool = False,
) -> Forked:
    """Begin a module as `python -m` does; ``out`` and ``err`` are open files of ours."""
    command = [module, *arguments]
    asked = {"command": command, "cwd": str(cwd), "env": dict(env), "session": own_session}
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_prepared(under_a_clock="LD_PRELOAD" in env))
    socket.send_fds(connection, [b"."], [out, err])
    connection.sendall(json.dumps(asked).encode() + b"\n")
    return Forked(connection, command)


def run(
    module: str, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> "subprocess.CompletedProcess[str]":
    """Run a module as `python -m` does, and wait for its end.

    Raises:
        subprocess.TimeoutExpired: It did not end in time; it was killed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = start(module, arguments, cwd=cwd, env=env, out=out.fileno(), err=err.fileno())
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return subprocess.CompletedProcess([module, *arguments], code, _text(out), _text(err))


@cache
def _prepared(*, under_a_clock: bool) -> str:
    """Return where the prepared process listens; it ends with this one."""
    path = str(Path(tempfile.mkdtemp(prefix="forked")) / "socket")
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    if under_a_clock:
        # The offset is looked up whenever the time is asked for: a fork's is another one.
        env |= clock("+0") | {"FAKETIME_NO_CACHE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == _READY
    atexit.register(process.communicate)
    return path


def _text(file: Any) -> str:
    file.seek(0)
    text: str = file.read().decode()
    return text


def _serve(path: str) -> dict[str, Any] | None:
    """Fork for whoever asks; return in each fork what it has to do, and None at the end."""
    for module in PREPARED:
        importlib.import_module(module)
    gc.freeze()
    running: dict[int, tuple[int, socket.socket]] = {}
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen(64)
        sys.stdout.buffer.write(_READY)
        sys.stdout.flush()
        while True:
            heard = select.poll()
            for each in (sys.stdin.fileno(), listening.fileno(), *running):
                heard.register(each, select.POLLIN)
            for descriptor, _ in heard.poll():
                if descriptor == sys.stdin.fileno():
                    Path(path).unlink()
                    Path(path).parent.rmdir()
                    return None
                if descriptor in running:
                    _tell_end(descriptor, *running.pop(descriptor))
                    continue
                todo = _fork(listening, running)
                if todo is not None:
                    return todo


def _fork(
    listening: socket.socket, running: dict[int, tuple[int, socket.socket]]
) -> dict[str, Any] | None:
    """Fork for the next who asks; return in the fork what it has to do."""
    connection = listening.accept()[0]
    asked, streams = _asked(connection)
    pid = os.fork()
    if pid == 0:
        _become(asked, streams, [*running, connection.detach()], listening)
        return asked
    for stream in streams:
        os.close(stream)
    running[os.pidfd_open(pid)] = pid, connection
    connection.sendall(b"%d\n" % pid)
    return None


def _asked(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    streams = socket.recv_fds(connection, 1, 2)[1]
    with connection.makefile() as lines:
        asked: dict[str, Any] = json.loads(lines.readline())
    return asked, streams


def _become(
    asked: Mapping[str, Any], streams: list[int], others: list[int], listening: socket.socket
) -> None:
    """Let go of what is the prepared process's, and take what the command is to have."""
    listening.close()
    for each in others:
        os.close(each)
    if asked["session"]:
        os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, stream in zip((1, 2), streams, strict=True):
        os.dup2(stream, number)
        os.close(stream)


def _tell_end(descriptor: int, pid: int, connection: socket.socket) -> None:
    os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with connection, suppress(OSError):  # who asked may have gone
        connection.sendall(b"%d\n" % code)


def _perform(asked: Mapping[str, Any]) -> None:
    """Be what `python -m` would have begun, but for what only frees memory at its end."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    module, *arguments = asked["command"]
    sys.argv = [module, *arguments]
    code = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except Exception:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        code = 1
    # As it ends: threads are waited for, then what was to be done at exit.
    vars(threading)["_shutdown"]()
    vars(atexit)["_run_exitfuncs"]()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


if __name__ == "__main__":
    todo = _serve(sys.argv[1])
    if todo is not None:
        _perform(todo)
