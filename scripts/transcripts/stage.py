"""The stage: one ledger in a folder, its service under a clock that the story sets."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 120
_CLOCK = "libfaketimeMT.so.1"


class OtherwiseError(Exception):
    """Something was otherwise than it is told."""


def say(text: str = "") -> None:
    """Tell a line, at once."""
    print(text, flush=True)


def expect(holds: object, what: str) -> None:
    """Go on only if something holds.

    Raises:
        OtherwiseError: It does not.
    """
    if not holds:
        raise OtherwiseError(what)


class Stage:
    """A folder with a ledger, and the moment at which the story stands, in Beijing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moment = ""
        self.address = ""
        self._service: subprocess.Popen[bytes] | None = None

    def turn_to(self, moment: str) -> None:
        """Let it be another moment, `YYYY-MM-DD HH:MM:SS`; a service that runs is restarted."""
        self.moment = moment
        if self._service is not None:
            self.serve()

    def serve(self) -> None:
        """Serve the ledger under the clock of the story.

        Raises:
            OtherwiseError: It does not come up.
        """
        self.close()
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        with (self.folder / "serve.log").open("ab") as log:
            self._service = subprocess.Popen(  # noqa: S603 - our own
                self._timed(sys.executable, "-m", "ledger", "serve", "--port", str(port)),
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _wait(f"{self.address}/readyz", self._service)

    def close(self) -> None:
        """Stop the service."""
        service, self._service = self._service, None
        if service is not None and service.poll() is None:
            os.killpg(service.pid, signal.SIGTERM)
            service.wait(DEADLINE_S)

    def ledger(self, *arguments: str, policy: Path | None = None) -> str:
        """Run a command of the ledger; return what it told.

        Raises:
            OtherwiseError: It did not exit 0.
        """
        env = {} if policy is None else {"LEDGER_POLICY_FILE": str(policy)}
        say(f"    $ ledger {' '.join(arguments)}")
        return self._run([sys.executable, "-m", "ledger", *arguments], env)

    def program(self, *arguments: str) -> str:
        """Run one of the project's stand-alone programs; return what it told.

        Raises:
            OtherwiseError: It did not exit 0.
        """
        say(f"    $ {' '.join(_short(each) for each in arguments)}")
        return self._run([sys.executable, str(ROOT / arguments[0]), *arguments[1:]], {})

    def _run(self, command: list[str], env: dict[str, str]) -> str:
        done = subprocess.run(  # noqa: S603 - our own
            self._timed(*command),
            cwd=self.folder,
            env=self._environment() | env,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        expect(done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def _timed(self, *command: str) -> list[str]:
        # Not by the program `faketime`: it fails where one of its number was killed before.
        faked = {
            "LD_PRELOAD": str(_clock_library()),
            "FAKETIME": f"@{self.moment}",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }
        return ["env", *(f"{name}={value}" for name, value in faked.items()), *command]

    def _environment(self) -> dict[str, str]:
        """Return an environment of its own: no setting of anybody, the clock of Beijing."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "LEDGER_LANGUAGE": "en",
            "TZ": "CST-8",
        }


def _clock_library() -> Path:
    """Return the library of faketime for processes with threads."""
    places = ("lib/*/faketime", "lib/faketime", "lib64/faketime")
    found = [each for place in places for each in Path("/usr").glob(f"{place}/{_CLOCK}")]
    expect(bool(found), f"{_CLOCK} is not installed with faketime")
    return found[0]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _wait(address: str, service: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + DEADLINE_S
    while service.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=DEADLINE_S):  # noqa: S310 - our own
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise OtherwiseError("the service does not come up; see serve.log")


def _short(argument: str) -> str:
    """Return an argument as it is told; long ones are ids."""
    return argument if len(argument) < 64 else f"{argument[:8]}…"
