"""The witness for other ledgers: create it, and run it."""

from typing import Annotated

import typer
import uvicorn

from ledger.application.texts import say
from ledger.commands.console import (
    CANNOT,
    decoded,
    err,
    explained,
    language,
    out,
    small_file,
    stop,
)
from ledger.proof.errors import MalformedError, shorten
from ledger.proof.note import VerifierKey, check_key_name
from ledger.proof.policy import Policy, parse_policy
from ledger.settings import Settings
from ledger.store import chance
from ledger.store.event import LedgerExistsError
from ledger.store.instance import InstanceLock
from ledger.witness.app import make_witness_app
from ledger.witness.cosigning import Witness
from ledger.witness.memory import MemoryLostError, WitnessFolder, WitnessMissingError

CONNECTIONS_MAX = 256

app = typer.Typer(help="A witness for other ledgers 为其他账本作见证", no_args_is_help=True)


@app.command()
def init(
    name: Annotated[
        str, typer.Option(help="Name of the witness, for ever 见证方名称,永不更改")
    ],
    mldsa: Annotated[
        bool, typer.Option(help="Also cosign with ML-DSA-44 另加抗量子联署")
    ] = False,
) -> None:
    """Create a witness under fresh keys; refuse to overwrite 建立见证方."""
    with explained() as settings:
        try:
            check_key_name(name)
        except MalformedError as error:
            stop("witness_name_bad", want=error.want, got=shorten(error.got))
        folder = settings.witness_dir.resolve()
        try:
            keys = WitnessFolder(folder).create(name, mldsa=mldsa)
        except LedgerExistsError as error:
            stop("witness_exists", what=error.origin)
        texts = "\n".join(f"  {key.verifier_key.text()}" for key in keys)
        facts = {"name": name, "keys": texts, "folder": folder}
        out.print(say("witness_ready", language(), **facts), markup=False)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address 地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port 端口", min=0, max=65_535)] = 8100,
) -> None:
    """Cosign for the logs of LEDGER_WITNESS_LOGS_FILE 为所列日志联署."""
    with explained() as settings:
        logs = _logs(settings)
        folder = WitnessFolder(settings.witness_dir.resolve())
        try:
            folder.read_keys()
            with InstanceLock(folder.folder):
                _run(_witness(folder, logs), host, port)
        except WitnessMissingError as error:
            stop("witness_missing", what=error)


def _logs(settings: Settings) -> dict[str, list[VerifierKey]]:
    if settings.witness_logs_file is None:
        stop("witness_logs_missing")
    policy: Policy = parse_policy(decoded(small_file(settings.witness_logs_file)))
    logs: dict[str, list[VerifierKey]] = {}
    for log in policy.logs:
        logs.setdefault(log.key.name, []).append(log.key)
    return logs


def _witness(folder: WitnessFolder, logs: dict[str, list[VerifierKey]]) -> Witness:
    """Return the witness, its new logs enrolled, after saying which memories are lost."""
    keys = folder.read_keys()
    folder.enrol(logs)
    memories = {origin: folder.memory(origin, keys[0].verifier_key) for origin in logs}
    for origin, memory in memories.items():
        try:
            memory.latest()
        except MemoryLostError:
            err.print(say("witness_memory_lost", language(), what=origin), markup=False)
    return Witness(keys, logs, memories, clock=chance.now)


def _run(witness: Witness, host: str, port: int) -> None:
    try:
        uvicorn.run(
            make_witness_app(witness),
            host=host,
            port=port,
            log_level="info",
            http="ledger.api.bounded_http:BoundedHttp",
            ws="none",
            limit_concurrency=CONNECTIONS_MAX,
            timeout_graceful_shutdown=10,
            server_header=False,
        )
    except SystemExit as error:
        # uvicorn has said why; its own numbers mean other things than ours.
        if error.code:
            raise typer.Exit(CANNOT) from error
