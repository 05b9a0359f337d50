"""A sandbox beside the ledger: made whole or not at all, told once, and served if asked."""

import os
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ledger.application.sandbox import Sandbox, build, shell_names
from ledger.application.texts import say
from ledger.commands.console import err, explained, language, out, stop
from ledger.commands.running import checked_origin, serve
from ledger.settings import Settings
from ledger.store.durable_file import create_file
from ledger.wiring.creating import create_ledger
from ledger.wiring.office import open_office

ORIGIN = "sandbox.ledger.invalid/log/110000"
FOLDER = "sandbox"
KEY_FILE = "organization.pem"
_STAYS = {"language"}
"""The one setting that is a sandbox's too."""

app = typer.Typer()


@app.command()
def sandbox(
    origin: Annotated[str, typer.Option(help="Name of its log 沙箱日志名称")] = ORIGIN,
    serve_it: Annotated[
        bool, typer.Option("--serve", help="Serve it as well 随即启动服务")
    ] = False,
    host: Annotated[str, typer.Option(help="Address 地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port 端口", min=0, max=65_535)] = 8001,
) -> None:
    """Make a ledger of its own to try a system against 建立接口试用沙箱."""
    with explained() as settings:
        checked_origin(origin)
        _check_it_is_another(settings, origin)
        parent = settings.data_dir.resolve()
        folder = parent / FOLDER
        if not folder.exists():
            _tell(_make(parent, origin), origin, folder)
        elif _origin_in(folder) != origin:
            stop("ledger_exists", what=folder)
        else:
            err.print(say("sandbox_exists", language(), folder=folder), markup=False)
        if serve_it:
            _leave_the_ledger(folder)
    if serve_it:
        serve(host, port, workers=1)


def _check_it_is_another(settings: Settings, origin: str) -> None:
    """Make sure that nothing that is signed for the one is signed for the other."""
    if origin in (settings.origin, _origin_in(settings.data_dir)):
        stop("sandbox_has_the_ledgers_name", origin=origin)


def _origin_in(folder: Path) -> str | None:
    try:
        return (folder / "origin").read_text("utf-8").removesuffix("\n")
    except FileNotFoundError:
        return None


def _make(parent: Path, origin: str) -> Sandbox:
    """Make it beside its place, and put it there when all of it is there."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=parent, prefix=".sandbox-") as workshop:
        made = Path(workshop) / FOLDER
        # Nothing of the ledger itself is taken: no database, no key, no witness.
        settings = Settings.model_construct(data_dir=made)
        ledger = create_ledger(settings, origin=origin, mldsa=False)
        opened = open_office(ledger)
        try:
            told = build(opened.office, opened.access.parts)
        finally:
            opened.close()
            ledger.publisher.publish()
            ledger.close()
        create_file(made / KEY_FILE, told.private_key)
        made.rename(parent / FOLDER)
    return told


def _tell(told: Sandbox, origin: str, folder: Path) -> None:
    """Write what a person reads and a shell can take in."""
    values = {
        "ORIGIN": origin,
        "PASSWORD": told.password,
        "KEY": str(folder / KEY_FILE),
        "KID": str(told.key),
        "ACTIVITY": str(told.activity),
        "DAY": told.day.isoformat(),
        **shell_names(told),
    }
    for line in say("sandbox_ready", language(), folder=shlex.quote(str(folder))).splitlines():
        out.print(f"# {line}", markup=False)
    for name, value in values.items():
        out.print(f"{name}={shlex.quote(value)}", markup=False)


def _leave_the_ledger(folder: Path) -> None:
    """Let no setting of the ledger itself be one of this process or of its workers."""
    ours = {f"ledger_{name}" for name in Settings.model_fields.keys() - _STAYS}
    for name in [each for each in os.environ if each.lower() in ours]:
        del os.environ[name]
    os.environ["LEDGER_DATA_DIR"] = str(folder)
    os.chdir(folder)  # a `.env` of the working folder is the ledger's as well
