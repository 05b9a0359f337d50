"""Documents whose commands are run: every ```sh block, in order, as a person types them."""

import os
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.api.service import free_port

ROOT = Path(__file__).parent.parent.parent
DEADLINE_S = 600
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT = re.compile(r"\b800[12]\b")


def blocks(document: str) -> list[tuple[int, str]]:
    """Return the shell blocks of a document, each with the line at which it begins."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    return [(text.count("\n", 0, each.start()) + 1, each[1]) for each in _BLOCK.finditer(text)]


def run(document: str, folder: Path, *, done: str = "") -> None:
    """Run the commands of a document in a folder, but for those that it begins with and
    that were ``done``: what they leave behind is there already.
    """
    (line, first), *others = blocks(document)
    assert first.startswith(done)
    rest = [(line, first.removeprefix(done)), *others]
    run_commands(
        "".join(f"echo 'docs/{document}:{line}' >&2\n{block}" for line, block in rest), folder
    )


def run_commands(script: str, folder: Path) -> None:
    """Run commands in a folder that looks like the project's own.

    The first command that fails ends it, and with it the test. The ports that documents name
    are exchanged for free ones.
    """
    for name in (".venv", "scripts", "examples"):
        (folder / name).symlink_to(ROOT / name)
    free: dict[str, str] = {}
    script = _PORT.sub(lambda port: free.setdefault(port[0], str(free_port())), script)
    (folder / "commands").write_text(script, "utf-8")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", "commands"],
            cwd=folder,
            env=_environment(folder),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            status = process.wait(DEADLINE_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)  # the service that it started, too
    assert status == 0, (folder / "output").read_text("utf-8")[-4_000:]


def _environment(folder: Path) -> dict[str, str]:
    """Return a person's environment, whose Python has `cryptography`."""
    path = f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"}
