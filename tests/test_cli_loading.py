"""Commands: each is where the command line says it is, and is loaded alone."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_group

import ledger.commands
from ledger.cli import COMMANDS, GROUPS

MODULES = {**COMMANDS, **GROUPS}
FOR_OTHERS = (
    "openpyxl",
    "alembic",
    "fastapi",
    "httpx",
    "ledger.application.demo.building",
    "ledger.wiring.office",
)


def test_every_module_with_commands_is_named_and_its_commands_are_those() -> None:
    found: dict[str, str] = {}
    for path in Path(ledger.commands.__path__[0]).glob("*.py"):
        app = getattr(import_module(f"ledger.commands.{path.stem}"), "app", None)
        if isinstance(app, typer.Typer) and path.stem not in GROUPS.values():
            found |= dict.fromkeys(get_group(app).commands, path.stem)
        elif isinstance(app, typer.Typer):
            assert app.info.help, path
    assert found == COMMANDS


def loaded(*arguments: str) -> set[str]:
    """Return what a command has loaded once it has told about itself."""
    script = (
        "import sys; from ledger import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, sep=chr(10))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


@pytest.mark.parametrize("name", ["verify", "audit", "init"])
def test_a_command_loads_what_it_is_made_of_alone(name: str) -> None:
    modules = loaded(name)
    commands = {f"ledger.commands.{each}" for each in MODULES.values()}
    assert modules & commands == {f"ledger.commands.{MODULES[name]}"}
    assert not modules & set(FOR_OTHERS)
