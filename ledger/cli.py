"""The command line: a command is loaded when it is asked for; what nobody foresaw exits 2."""

import sys
import traceback
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from ledger.commands.console import CANNOT, tell_fault
from ledger.wiring.collecting import spare_the_collector

COMMANDS = {
    "init": "running",
    "founding": "running",
    "serve": "running",
    "demo": "demonstrating",
    "sandbox": "sandbox",
    "import": "importing",
    "import-template": "importing",
    "import-reconcile": "reconciling",
    "export": "exporting",
    "backup": "keeping",
    "restore": "keeping",
    "recover": "recovering",
    "migrate": "recovering",
    "verify": "verifying",
}
"""In which module of `ledger.commands` each command is, in the order of the help."""
GROUPS = {
    "audit": "auditing",
    "evidence": "evidence",
    "witness": "witnessing",
    "keys": "keys",
    "projections": "projections",
}
"""The same of those that are commands together; they follow the others."""


class Commands(TyperGroup):
    """Every command by its name; its module, and all that it takes, is loaded with it alone."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        names: Any = dict.fromkeys((*COMMANDS, *GROUPS))
        self.commands = names

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None if there is none of that name."""
        if cmd_name in self.commands and self.commands[cmd_name] is None:
            self.commands[cmd_name] = _loaded(cmd_name)
        return super().get_command(ctx, cmd_name)


def _loaded(name: str) -> Any:
    module = import_module(f"ledger.commands.{COMMANDS.get(name) or GROUPS[name]}")
    group = get_group(module.app)
    if name in COMMANDS:
        return group.commands[name]
    group.name = name
    return group


app = typer.Typer(
    cls=Commands,
    help="Volunteer service ledger 志愿服务记录账本",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _none() -> None:
    """Do nothing, but be there: without any command of its own, typer wants this."""


def main() -> None:
    """Run the command line; what nobody foresaw is no finding, so it exits 2."""
    spare_the_collector()
    try:
        app()
    except OSError as error:
        tell_fault(error)
    except Exception:  # noqa: BLE001 - the last place to catch it
        traceback.print_exc()
        sys.exit(CANNOT)
