"""The terminal: where a command speaks, and how an error becomes a text and an exit code."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from ledger.application.explaining import explain
from ledger.application.texts import Language, say
from ledger.proof.errors import MalformedError
from ledger.settings import Settings
from ledger.store.event import RolledBackError
from ledger.store.standing import NOT_OPEN

FOUND, CANNOT, ROLLED_BACK = 1, 2, 3
TEXT_BYTES_MAX = 1024 * 1024

out, err = (
    Console(stderr=stderr, soft_wrap=True, highlight=False, emoji=False)
    for stderr in (False, True)
)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Yield where to report progress: a bar when a person is watching, nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _done, _size: None
        return
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, size: bar.update(task, completed=done, total=size)


@contextmanager
def explained() -> Iterator[Settings]:
    """Yield the settings; turn every known error into a text and an exit code."""
    try:
        settings = Settings()
        if settings.language:
            os.environ["LEDGER_LANGUAGE"] = settings.language  # it may stand in .env alone
        yield settings
    except typer.Exit:
        raise
    except Exception as error:
        explained = explain(error)
        if explained is None:
            raise
        code, facts = explained
        refused = isinstance(error, (RolledBackError, *NOT_OPEN))
        stop(code, ROLLED_BACK if refused else CANNOT, **facts)


def tell_fault(error: OSError) -> NoReturn:
    """Say what the system refused outside of what `explained` covers, and exit 2.

    Nothing is opened or loaded for it: the files that may be open can be what ran out.
    """
    code, facts = explain(error) or ("disk_failed", {"what": error})
    with suppress(OSError):  # the terminal itself may be what refused
        typer.echo(say(code, language(), **facts), err=True)
    sys.exit(CANNOT)


def stop(code: str, status: int = CANNOT, **facts: object) -> NoReturn:
    """Say why the command ends here, and end it."""
    err.print(say(code, language(), **facts), markup=False)
    raise typer.Exit(status)


def language() -> Language:
    """Return the reader's language: the setting's, else the locale's."""
    names = ("LEDGER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def small_file(path: Path) -> bytes:
    """Return the content of a file that a person named.

    Raises:
        MalformedError: It is larger than any such file should be.
    """
    with path.open("rb") as file:
        content = file.read(TEXT_BYTES_MAX + 1)
    if len(content) > TEXT_BYTES_MAX:
        raise MalformedError(str(path), f"at most {TEXT_BYTES_MAX} bytes", "more")
    return content


def decoded(text: bytes) -> str:
    """Return the text of a policy.

    Raises:
        MalformedError: It is not UTF-8.
    """
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("policy", "UTF-8", error.reason) from error
