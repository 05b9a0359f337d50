"""The command line: every command put together; what nobody foresaw exits 2."""

import sys
import traceback

import typer

from ledger.commands import (
    auditing,
    demonstrating,
    evidence,
    exporting,
    importing,
    keeping,
    keys,
    projections,
    reconciling,
    recovering,
    running,
    sandbox,
    verifying,
    witnessing,
)
from ledger.commands.console import CANNOT, tell_fault

app = typer.Typer(
    help="Volunteer service ledger 志愿服务记录账本",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(running.app)
app.add_typer(demonstrating.app)
app.add_typer(sandbox.app)
app.add_typer(importing.app)
app.add_typer(reconciling.app)
app.add_typer(exporting.app)
app.add_typer(keeping.app)
app.add_typer(recovering.app)
app.add_typer(verifying.app)
app.add_typer(auditing.app, name="audit")
app.add_typer(evidence.app, name="evidence")
app.add_typer(witnessing.app, name="witness")
app.add_typer(keys.app, name="keys")
app.add_typer(projections.app, name="projections")


def main() -> None:
    """Run the command line; what nobody foresaw is no finding, so it exits 2."""
    try:
        app()
    except OSError as error:
        tell_fault(error)
    except Exception:  # noqa: BLE001 - the last place to catch it
        traceback.print_exc()
        sys.exit(CANNOT)
