"""Backup: rows of one moment, audited themselves; with findings it is not called a backup."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from ledger.application.auditing import AuditReport, OpenSource, audit
from ledger.audit.chunk import Question
from ledger.audit.finding import Code, Finding
from ledger.store.backing_up import (
    REGISTER,
    begin_backup,
    finish_backup,
    write_log_copy,
    write_vault_copy,
)
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.erasures import Erasures
from ledger.store.evidence_files import EVIDENCE_FOLDER
from ledger.store.manifest import Manifest
from ledger.store.publishing import Publisher
from ledger.store.register import HeadRegister, register_text
from ledger.store.standing import LedgerClosedError
from ledger.store.vault import Vault

Progress = Callable[[int, int], None]
OpenCopy = Callable[[Path], OpenSource]
"""Returns what opens the log in a backup's folder for an auditor, in any process."""


class Files(Protocol):
    """Files of evidence, as `ledger.store.evidence_files.EvidenceFiles` has them."""

    def copy_to(self, folder: Path) -> int:
        """Copy each file that a folder lacks; return how many it has then."""


@dataclass(eq=False)
class UnsoundError(Exception):
    """An audit has findings; ``code`` names the text that says what follows from it."""

    report: AuditReport
    code: str = "copy_unsound"


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts of one ledger that its keeper works on."""

    origin: str
    engine: sa.Engine
    vault: Vault
    register: HeadRegister
    publisher: Publisher
    erasures: Erasures
    seal_key: bytes
    question: Question
    data_dir: Path


def back_up(
    kept: Kept,
    folder: Path,
    texts: Mapping[str, bytes],
    *,
    made: str,
    open_source: OpenCopy,
    progress: Progress,
) -> Manifest:
    """Write a backup beside a running service, and audit it; durable when it returns.

    ``texts`` lie beside the rows. What was cut off before the end has no manifest.

    Raises:
        ExportExistsError: The folder is not empty; it is untouched.
        UnsoundError: The copy has findings: it is left as it is, without a manifest.
        As `write_log_copy` and `Publisher.check`.
    """
    with suppress(LedgerClosedError):  # a closed log is worth keeping too
        kept.publisher.check()
    begin_backup(folder)
    # Before the rows, so that they are not behind it.
    edge = kept.register.read()
    beside = dict(texts) if edge is None else {
        **texts, REGISTER: register_text(edge, origin=kept.origin)
    }  # fmt: skip
    for name, text in beside.items():
        create_file(folder / name, text, mode=PUBLIC)
    copied = write_log_copy(kept.engine, folder, origin=kept.origin, progress=progress)
    audit_copy(open_source(folder), kept.question, progress, erasures=kept.erasures)
    return finish_backup(copied, made=made)


def back_up_vault(
    kept: Kept, engine: sa.Engine, folder: Path, *, made: str, files: Files
) -> tuple[Manifest, int]:
    """Write a backup of the vault with the files that open under its keys, and count them.

    Durable when it returns.

    Raises:
        As `back_up`, and `Vault.check_all`.
    """
    begin_backup(folder)
    kept.vault.check_all()
    # Files before keys: of each file in the backup, the keys are there too.
    copied = files.copy_to(folder / EVIDENCE_FOLDER)
    return write_vault_copy(engine, folder, origin=kept.origin, made=made), copied


def audit_copy(
    open_source: OpenSource,
    question: Question,
    progress: Progress,
    *,
    erasures: Erasures | None = None,
) -> AuditReport:
    """Audit a copy of a log; leave out who was erased since, where ``erasures`` tell.

    Raises:
        UnsoundError: It has findings.
    """
    report = audit(open_source, question, scope="backup", progress=progress)
    if erasures is not None:
        report = _without_later_erasures(report, erasures)
    return check_sound(report)


def check_sound(
    report: AuditReport, *bearable: Code, code: str = "copy_unsound"
) -> AuditReport:
    """Return the report, if nothing was found but what no copy of the rows can heal.

    Raises:
        UnsoundError: Something else was.
    """
    borne = {Code.CLOCK_IN_DOUBT, *bearable}
    codes = {each.code for each in report.tally.findings} | report.tally.beyond.keys()
    if codes - borne:
        raise UnsoundError(report, code)
    return report


def _without_later_erasures(report: AuditReport, erasures: Erasures) -> AuditReport:
    """Leave out facts of whom the log says, by now, that they were erased meanwhile."""
    tally = report.tally
    if tally.beyond:
        return report
    left = [each for each in tally.findings if not _erased_since(each, erasures)]
    return replace(report, tally=replace(tally, findings=left))


def _erased_since(finding: Finding, erasures: Erasures) -> bool:
    if finding.code is not Code.PERSONAL_MISSING or not isinstance(finding.got, str):
        return False
    return any(finding.seq in each.entries for each in erasures.of(finding.got))
