"""Which text explains which error: one table for the command line and the pages."""

import errno
from collections.abc import Callable, Mapping
from typing import Any

import pydantic
import sqlalchemy as sa

from ledger.application.erasing import UnprovenErasuresError
from ledger.application.key_check import WrongKeyError
from ledger.application.moving import NothingSignedError
from ledger.application.proving import EntryNotFound
from ledger.application.restoring import WitnessesSilentError
from ledger.application.witness_testimony import WitnessAheadError
from ledger.proof.errors import MalformedError, ProofError, shorten
from ledger.store.closure import SuccessorElsewhereError
from ledger.store.copying import CopyDiffersError
from ledger.store.event import (
    ClockInDoubtError,
    HeadTamperedError,
    LedgerExistsError,
    LedgerMissingError,
    PlantedRowError,
    RolledBackError,
    StorageLostError,
    StreamDamagedError,
    UnwitnessedError,
)
from ledger.store.evidence_files import EvidenceDamagedError
from ledger.store.exporting import EntryGoneError, ExportExistsError, SubtreeGoneError
from ledger.store.instance import InstanceRunningError
from ledger.store.key_rows import KeysUnreadError
from ledger.store.keyfiles import KeyFileError
from ledger.store.manifest import NoBackupError
from ledger.store.mending import RecoveryDiffersError
from ledger.store.migration import MigrationMissingError, MigrationRefusedError
from ledger.store.security_log import SecurityLogError
from ledger.store.signing_keys import KeyNotInForceError, RotationPendingError
from ledger.store.standing import LedgerClosedError, LedgerHeldError, LedgerMovedError
from ledger.store.storage_faults import DiskNearlyFull, is_disk_full, is_storage_lost
from ledger.store.vault import KeyRemainsError
from ledger.store.view_folding import UnwritableError

Facts = Mapping[str, object]


def _as_what(error: Any) -> Facts:
    return {"what": error}


def _origin(error: Any) -> Facts:
    return {"what": error.origin}


def _malformed(error: Any) -> Facts:
    return {"what": error.what, "want": error.want, "got": shorten(error.got)}


def _unproven(error: Any) -> Facts:
    return {"what": error.step, "want": shorten(error.want), "got": shorten(error.got)}


def _elsewhere(error: Any) -> Facts:
    facts = {"successor": error.successor, "folder": error.folder, "what": error.got}
    return {**facts, "key": error.key or "–"}


def _settings(error: Any) -> Facts:
    # What is wrong with several settings together names them itself.
    wrong = (
        f"LEDGER_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        if each["loc"]
        else str(each["msg"])
        for each in error.errors(include_input=False)
    )
    return {"what": "; ".join(wrong)}


_EXPLANATIONS: dict[type[Exception], tuple[str, Callable[[Any], Facts]]] = {
    RolledBackError: ("rolled_back", lambda error: {"want": error.want, "got": error.got}),
    WitnessAheadError: (
        "witness_ahead",
        lambda e: {"witness": e.witness, "want": e.want, "got": e.got},
    ),
    HeadTamperedError: ("head_tampered", lambda _: {}),
    StreamDamagedError: ("stream_damaged", lambda e: {"what": e.stream, "seq": e.seq}),
    SecurityLogError: ("security_log_failed", lambda e: {"what": e.folder, "why": e.why}),
    PlantedRowError: ("planted_row", lambda e: {"what": e.table, "seq": e.seq}),
    UnwitnessedError: ("unwitnessed", vars),
    ClockInDoubtError: ("clock_in_doubt", vars),
    LedgerExistsError: ("ledger_exists", _origin),
    LedgerMissingError: ("ledger_missing", _origin),
    InstanceRunningError: ("instance_running", _as_what),
    ExportExistsError: ("export_exists", _as_what),
    SubtreeGoneError: ("subtree_gone", vars),
    EntryGoneError: ("entry_gone", vars),
    EvidenceDamagedError: ("evidence_damaged", lambda e: {"what": e.file, "rule": e.rule}),
    KeyFileError: ("bad_key_file", _as_what),
    RotationPendingError: ("rotation_pending", lambda error: {"what": error.path}),
    KeyNotInForceError: (
        "key_not_in_force",
        lambda e: {"what": e.path, "want": e.want, "got": e.got},
    ),
    KeysUnreadError: ("keys_unread", vars),
    WrongKeyError: ("wrong_key", lambda error: vars(error)),
    StorageLostError: ("storage_lost", lambda _: {"what": "fsync"}),
    DiskNearlyFull: ("disk_nearly_full", lambda e: {"want": e.want, "got": e.got}),
    EntryNotFound: ("entry_missing", _as_what),
    UnprovenErasuresError: ("erasures_unproven", lambda error: {"what": error.seqs}),
    KeyRemainsError: ("key_remains", lambda _: {}),
    UnwritableError: ("projections_unwritable", _as_what),
    MigrationMissingError: ("migration_missing", lambda error: {"what": error.store}),
    NoBackupError: ("no_backup", lambda e: {"what": e.folder, "rule": e.rule}),
    CopyDiffersError: ("copy_differs", lambda error: {"what": error.table}),
    RecoveryDiffersError: ("recovery_differs", _as_what),
    WitnessesSilentError: ("witnesses_silent", vars),
    NothingSignedError: ("nothing_signed", lambda _: {}),
    LedgerHeldError: ("ledger_held", _origin),
    LedgerMovedError: ("ledger_moved", _origin),
    LedgerClosedError: (
        "ledger_closed",
        lambda e: {"what": e.origin, "successor": e.successor or "…"},
    ),
    SuccessorElsewhereError: ("successor_elsewhere", _elsewhere),
    MigrationRefusedError: ("migration_refused", lambda error: {"what": error.table}),
    MalformedError: ("cannot_read", _malformed),
    ProofError: ("log_damaged", _unproven),
    pydantic.ValidationError: ("bad_setting", _settings),
    # The statement and its values stay out of what people see.
    sa.exc.DBAPIError: ("database_failed", lambda error: {"what": error.orig}),
    sa.exc.SQLAlchemyError: ("database_failed", lambda error: {"what": type(error).__name__}),
    # A URL that asks for a driver which is not installed.
    ModuleNotFoundError: ("database_failed", _as_what),
    OSError: ("disk_failed", _as_what),
    MemoryError: ("memory_short", lambda _: {}),
}

KNOWN = tuple(_EXPLANATIONS)
"""Every kind of error that has a text."""


def explain(error: Exception) -> tuple[str, Facts] | None:
    """Return the code of the text that explains an error and what to fill in, if any does."""
    if is_disk_full(error):
        return "disk_full", {}
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return "too_many_open", {"what": error}
    if is_storage_lost(error):
        return "storage_lost", {"what": type(error).__name__}
    for kind in type(error).__mro__:
        if kind in _EXPLANATIONS:
            code, facts = _EXPLANATIONS[kind]
            return code, facts(error)
    return None
