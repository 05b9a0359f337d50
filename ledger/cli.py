"""The command line: each command a few lines over the use cases, each error an exit code."""

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress

from ledger import wiring
from ledger.application.auditing import AuditReport, audit
from ledger.application.erasing import reapply_erasures
from ledger.application.explaining import explain
from ledger.application.proving import prove_event
from ledger.application.telling import report_lines
from ledger.application.texts import Language, say
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.entry import check_origin
from ledger.proof.errors import MalformedError, shorten
from ledger.proof.policy import Policy, parse_policy
from ledger.proof.shapes import parse_shapes
from ledger.settings import Settings, paths_of
from ledger.store.engine import sqlite_module, wal_reset_defect
from ledger.store.event import RolledBackError
from ledger.store.export_reading import ExportOpener, ExportSource
from ledger.store.exporting import Export
from ledger.store.instance import InstanceLock

DEMO_ORIGIN = "demo.ledger.invalid/log/110000"
FOUND, CANNOT, ROLLED_BACK = 1, 2, 3
TEXT_BYTES_MAX = 1024 * 1024

app = typer.Typer(
    help="Volunteer service ledger 志愿服务记录账本",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
audit_app = typer.Typer(help="Check the log 核验日志", no_args_is_help=True)
app.add_typer(audit_app, name="audit")

out, err = (
    Console(stderr=stderr, soft_wrap=True, highlight=False, emoji=False)
    for stderr in (False, True)
)


def main() -> None:
    """Run the command line; what nobody foresaw is no finding, so it exits 2."""
    try:
        app()
    except Exception:  # noqa: BLE001 - the last place to catch it
        traceback.print_exc()
        sys.exit(CANNOT)


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
    with _explained() as settings:
        name = origin or settings.origin
        if name is None:
            _stop("origin_missing")
        try:
            check_origin(name)
        except MalformedError as error:
            _stop("bad_origin", want=error.want, got=shorten(error.got))
        _create(settings, name, mldsa=mldsa)


@app.command()
def demo() -> None:
    """Create the demonstration ledger, under its own name and keys 建立演示账本."""
    with _explained() as settings:
        paths = paths_of(settings)
        if not paths.origin.exists():
            wiring.create_ledger(settings, origin=DEMO_ORIGIN, mldsa=False).close()
        elif paths.origin.read_text("utf-8") != f"{DEMO_ORIGIN}\n":
            _stop("ledger_exists", what=paths.origin)
        out.print(say("demo_ready", _language(), origin=DEMO_ORIGIN))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address 地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port 端口", min=0, max=65_535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes 进程数", min=1, max=64)] = 1,
) -> None:
    """Serve the log, after comparing it with the head register 启动服务."""
    with _explained() as settings:
        ledger = wiring.open_ledger(settings)
        with InstanceLock(ledger.paths.data_dir):
            _warn_of_sqlite(ledger)
            ledger.migrate()
            ledger.publisher.check()
            # The vault may be a restored one that has forgotten who was erased.
            reapply_erasures(erasures=ledger.erasures, vault=ledger.vault)
            ledger.close()
            _serve(host, port, workers)


@audit_app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON 输出 JSON")] = False,
    from_seq: Annotated[
        int, typer.Option("--from", help="First entry to read again 起始序号", min=0)
    ] = 0,
) -> None:
    """Check the whole log in the database 核验数据库中的全部日志."""
    with _explained() as settings:
        ledger = wiring.open_ledger(settings)
        question = ledger.question(clock_bound_s=settings.clock_bound_s, from_seq=from_seq)
        with _progress() as progress:
            report = audit(ledger.opener(), question, scope="database", progress=progress)
        ledger.close()
        _tell(report, as_json=as_json)


@audit_app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Folder of an export 导出文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON 输出 JSON")] = False,
    trust: Annotated[
        Path | None, typer.Option(help="tlog-policy file with the log's key 信任策略文件")
    ] = None,
    shapes: Annotated[
        Path | None,
        typer.Option(help="Published shapes, else those built in 已公布的形状"),
    ] = None,
) -> None:
    """Check an export, needing no database 核验导出文件,无需数据库."""
    with _explained() as settings:
        opener = ExportOpener(path.resolve())
        source = opener()
        question = _question(source, trust, shapes, settings.clock_bound_s)
        with _progress() as progress:
            report = audit(opener, question, scope="export", progress=progress)
        _tell(report, as_json=as_json)


@audit_app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="New folder 新文件夹")],
    facts: Annotated[
        bool, typer.Option("--facts", help="Also disclose plain facts 同时披露非个人事实")
    ] = False,
) -> None:
    """Write the log as files that anyone can check 导出可供任何人核验的文件."""
    with _explained() as settings:
        ledger = wiring.open_ledger(settings)
        note = ledger.publisher.publish()
        with _progress() as progress:
            size = ledger.source.size()
            exporter = Export(ledger.source, folder, progress=lambda done: progress(done, size))
            size = exporter.write(
                note,
                verifier_key=ledger.signing_keys[0].verifier_key.text(),
                policy=ledger.policy.text(),
                shapes=wiring.SHAPES,
                facts=facts,
            )
        ledger.close()
        err.print(say("export_written", _language(), size=size, folder=folder))


@audit_app.command()
def prove(
    seq: Annotated[int, typer.Argument(help="Position in the log, from 0 序号", min=0)],
    disclose: Annotated[
        list[str] | None, typer.Option(help="Fact to show; all plain ones if none 披露的事实")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", help="File to write, else standard output 输出文件")
    ] = None,
) -> None:
    """Write a tlog-proof of one entry 输出一条条目的证明."""
    with _explained() as settings:
        ledger = wiring.open_ledger(settings)
        with ledger.subtrees() as subtree:
            proof = prove_event(
                ledger.source,
                subtree,
                note=ledger.publisher.publish(),
                seq=seq,
                names=disclose or None,
            )
        ledger.close()
        if file is None:
            sys.stdout.buffer.write(proof.encode())
        else:
            file.write_bytes(proof.encode())


def _create(settings: Settings, origin: str, *, mldsa: bool) -> None:
    ledger = wiring.create_ledger(settings, origin=origin, mldsa=mldsa)
    key = ledger.signing_keys[0].verifier_key.text()
    keys = ledger.paths.log_key.parent
    ledger.close()
    out.print(say("ledger_created", _language(), origin=origin, key=key, keys=keys))


def _serve(host: str, port: int, workers: int) -> None:
    app_name = "ledger.wiring:create_app"
    try:
        uvicorn.run(
            app_name, factory=True, host=host, port=port, workers=workers, log_level="info"
        )
    except SystemExit as error:
        # uvicorn has said why; its own numbers mean other things than ours.
        if error.code:
            raise typer.Exit(CANNOT) from error


def _question(
    source: ExportSource, trust: Path | None, shapes: Path | None, clock_bound_s: int
) -> Question:
    text = source.text("policy") if trust is None else _small_file(trust)
    policy: Policy = parse_policy(_decoded(text))
    keys = tuple(log.key for log in policy.logs if log.key.name == source.origin)
    published = wiring.SHAPES if shapes is None else parse_shapes(_small_file(shapes))
    return Question(published, Trust(keys, policy, own_word=trust is None), clock_bound_s)


def _small_file(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(TEXT_BYTES_MAX + 1)
    if len(content) > TEXT_BYTES_MAX:
        raise MalformedError(str(path), f"at most {TEXT_BYTES_MAX} bytes", "more")
    return content


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("policy", "UTF-8", error.reason) from error


def _tell(report: AuditReport, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))  # noqa: T201, TID251
    else:
        for line in report_lines(report, _language()):
            out.print(line, markup=False)
    raise typer.Exit(0 if report.ok else FOUND)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Yield where to report progress: a bar when a person is watching, nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _done, _size: None
        return
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, size: bar.update(task, completed=done, total=size)


@contextmanager
def _explained() -> Iterator[Settings]:
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
        _stop(code, ROLLED_BACK if isinstance(error, RolledBackError) else CANNOT, **facts)


def _stop(code: str, status: int = CANNOT, **facts: object) -> NoReturn:
    err.print(say(code, _language(), **facts), markup=False)
    raise typer.Exit(status)


def _language() -> Language:
    names = ("LEDGER_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def _warn_of_sqlite(ledger: wiring.Wiring) -> None:
    urls = (ledger.paths.database_url, ledger.paths.vault_url)
    used = any(url.startswith("sqlite") for url in urls)
    if used and wal_reset_defect(sqlite_module().sqlite_version_info):
        err.print(say("sqlite_defect", _language(), what=sqlite_module().sqlite_version))
