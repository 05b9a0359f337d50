"""Create a ledger and serve it."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from ledger.application.desk import ActRefused
from ledger.application.erasing import reapply_erasures
from ledger.application.recording_repair import finish_recovery
from ledger.application.rotating import finish_rotation
from ledger.application.texts import say
from ledger.commands.console import err, explained, language, out, stop
from ledger.commands.listening import serve_until_told
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError, shorten
from ledger.settings import Settings
from ledger.store.engine import sqlite_module, wal_reset_defect
from ledger.store.instance import InstanceRunningError
from ledger.store.ledger_lock import new_instance
from ledger.wiring import keeping
from ledger.wiring.creating import create_ledger, invite_first_person
from ledger.wiring.instance_signs import COUNTS_VARIABLE, INSTANCE_VARIABLE
from ledger.wiring.mail_settings import check_mail
from ledger.wiring.parts import Wiring, open_ledger
from ledger.wiring.signing import signing_of
from ledger.wiring.succeeding import check_not_closed
from ledger.wiring.witnesses import compare_with_witnesses

app = typer.Typer()


@app.command()
def init(
    origin: Annotated[
        str | None, typer.Option(help="Name of the log, for ever 日志名称,永不更改")
    ] = None,
    mldsa: Annotated[
        bool, typer.Option(help="Also sign with ML-DSA-44 另加抗量子签名")
    ] = False,
) -> None:
    """Create keys, database and log; refuse to overwrite 建立账本."""
    with explained() as settings:
        name = origin or settings.origin
        if name is None:
            stop("origin_missing")
        checked_origin(name)
        _create(settings, name, mldsa=mldsa)


@app.command()
def founding() -> None:
    """Make a new token for the first person, while the service is stopped 重发启用令牌."""
    with explained() as settings:
        ledger = open_ledger(settings)
        try:
            check_not_closed(ledger)
            with ledger.exclusive():
                ledger.migrate()
                token = invite_first_person(ledger)
        except InstanceRunningError as error:
            stop("service_runs", what=error)
        except ActRefused as error:
            stop(error.refused.codes[0])
        finally:
            ledger.close()
        out.print(say("founding_token_again", language(), token=token), markup=False)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address 地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port 端口", min=0, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes 进程数", min=1, max=64)] = 1,
) -> None:
    """Serve the log, after comparing it with the head register 启动服务."""
    with explained() as settings:
        ledger = open_ledger(settings)
        check_not_closed(ledger)
        check_mail(settings)
        signing_of(settings)  # names what it lacks, before anything starts
        instance = new_instance()
        with ledger.exclusive(instance):
            _warn_of_sqlite(ledger)
            ledger.migrate()
            finish_rotation(ledger.key_parts)
            ledger.check_keys()
            _ask_witnesses(ledger)
            with keeping.recording_repair(ledger) as record:
                finish_recovery(record)
            # The vault may be a restored one that has forgotten who was erased.
            reapply_erasures(erasures=ledger.erasures, vault=ledger.vault)
            ledger.close()
            os.environ[INSTANCE_VARIABLE] = str(instance)
            _count_together(ledger.paths.data_dir / "metrics", workers)
            serve_until_told(host, port, workers, settings.trusted_proxies)


def checked_origin(name: str) -> None:
    """Return if a log may be named so; say why not, and end the command.

    Raises:
        typer.Exit: It may not.
    """
    try:
        check_origin(name)
    except MalformedError as error:
        stop("bad_origin", want=error.want, got=shorten(error.got))


def _create(settings: Settings, origin: str, *, mldsa: bool) -> None:
    ledger = create_ledger(settings, origin=origin, mldsa=mldsa)
    key = ledger.signing_keys[0].verifier_key.text()
    keys = ledger.paths.log_key.parent
    token = invite_first_person(ledger)
    ledger.close()
    out.print(say("ledger_created", language(), origin=origin, key=key, keys=keys))
    out.print(say("founding_token", language(), token=token), markup=False)


def _count_together(folder: Path, workers: int) -> None:
    """Let several workers keep their counts in one folder, emptied of the last run's."""
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(COUNTS_VARIABLE, None)
    if workers > 1:
        folder.mkdir(mode=0o700)
        os.environ[COUNTS_VARIABLE] = str(folder)


def _ask_witnesses(ledger: Wiring) -> None:
    """Compare the ledger with what its witnesses saw; those that are away are only named."""
    for word in compare_with_witnesses(ledger):
        if word.trouble is not None:
            facts = {"witness": word.witness, "trouble": word.trouble}
            err.print(say("witness_silent", language(), **facts), markup=False)


def _warn_of_sqlite(ledger: Wiring) -> None:
    urls = (ledger.paths.database_url, ledger.paths.vault_url)
    used = any(url.startswith("sqlite") for url in urls)
    if used and wal_reset_defect(sqlite_module().sqlite_version_info):
        err.print(say("sqlite_defect", language(), what=sqlite_module().sqlite_version))
