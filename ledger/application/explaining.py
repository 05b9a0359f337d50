"""Which text explains which error: one table for the command line and the pages."""

import errno
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ledger.proof.errors import shorten
from ledger.store.storage_faults import is_disk_full, is_storage_lost

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


# By name: an error that is there was loaded by whoever raised it, and a command that cannot
# meet it need not load what defines it. Nor is anything opened here when files run out.
_EXPLANATIONS: dict[str, tuple[str, Callable[[Any], Facts]]] = {
    "ledger.store.event.RolledBackError": (
        "rolled_back",
        lambda error: {"want": error.want, "got": error.got},
    ),
    "ledger.application.witness_testimony.WitnessAheadError": (
        "witness_ahead",
        lambda e: {"witness": e.witness, "want": e.want, "got": e.got},
    ),
    "ledger.store.event.HeadTamperedError": ("head_tampered", lambda _: {}),
    "ledger.store.event.StreamDamagedError": (
        "stream_damaged",
        lambda e: {"what": e.stream, "seq": e.seq},
    ),
    "ledger.store.security_log.SecurityLogError": (
        "security_log_failed",
        lambda e: {"what": e.folder, "why": e.why},
    ),
    "ledger.store.event.PlantedRowError": (
        "planted_row",
        lambda e: {"what": e.table, "seq": e.seq},
    ),
    "ledger.store.event.UnwitnessedError": ("unwitnessed", vars),
    "ledger.store.event.ClockInDoubtError": ("clock_in_doubt", vars),
    "ledger.store.event.LedgerExistsError": ("ledger_exists", _origin),
    "ledger.store.event.LedgerMissingError": ("ledger_missing", _origin),
    "ledger.store.instance.InstanceRunningError": ("instance_running", _as_what),
    "ledger.store.exporting.ExportExistsError": ("export_exists", _as_what),
    "ledger.store.exporting.SubtreeGoneError": ("subtree_gone", vars),
    "ledger.store.exporting.EntryGoneError": ("entry_gone", vars),
    "ledger.store.evidence_files.EvidenceDamagedError": (
        "evidence_damaged",
        lambda e: {"what": e.file, "rule": e.rule},
    ),
    "ledger.store.keyfiles.KeyFileError": ("bad_key_file", _as_what),
    "ledger.store.signing_keys.RotationPendingError": (
        "rotation_pending",
        lambda error: {"what": error.path},
    ),
    "ledger.store.signing_keys.KeyNotInForceError": (
        "key_not_in_force",
        lambda e: {"what": e.path, "want": e.want, "got": e.got},
    ),
    "ledger.store.key_rows.KeysUnreadError": ("keys_unread", vars),
    "ledger.application.key_check.WrongKeyError": ("wrong_key", lambda error: vars(error)),
    "ledger.store.event.StorageLostError": ("storage_lost", lambda _: {"what": "fsync"}),
    "ledger.store.storage_faults.DiskNearlyFull": (
        "disk_nearly_full",
        lambda e: {"want": e.want, "got": e.got},
    ),
    "ledger.application.proving.EntryNotFound": ("entry_missing", _as_what),
    "ledger.application.erasing.UnprovenErasuresError": (
        "erasures_unproven",
        lambda error: {"what": error.seqs},
    ),
    "ledger.store.vault.KeyRemainsError": ("key_remains", lambda _: {}),
    "ledger.store.view_folding.UnwritableError": ("projections_unwritable", _as_what),
    "ledger.store.migration.MigrationMissingError": (
        "migration_missing",
        lambda error: {"what": error.store},
    ),
    "ledger.store.manifest.NoBackupError": (
        "no_backup",
        lambda e: {"what": e.folder, "rule": e.rule},
    ),
    "ledger.store.copying.CopyDiffersError": (
        "copy_differs",
        lambda error: {"what": error.table},
    ),
    "ledger.store.mending.RecoveryDiffersError": ("recovery_differs", _as_what),
    "ledger.application.restoring.WitnessesSilentError": ("witnesses_silent", vars),
    "ledger.application.moving.NothingSignedError": ("nothing_signed", lambda _: {}),
    "ledger.store.standing.LedgerHeldError": ("ledger_held", _origin),
    "ledger.store.standing.LedgerMovedError": ("ledger_moved", _origin),
    "ledger.store.standing.LedgerClosedError": (
        "ledger_closed",
        lambda e: {"what": e.origin, "successor": e.successor or "…"},
    ),
    "ledger.store.closure.SuccessorElsewhereError": ("successor_elsewhere", _elsewhere),
    "ledger.store.migration.MigrationRefusedError": (
        "migration_refused",
        lambda error: {"what": error.table},
    ),
    "ledger.proof.errors.MalformedError": ("cannot_read", _malformed),
    "ledger.proof.errors.ProofError": ("log_damaged", _unproven),
    "pydantic_core._pydantic_core.ValidationError": ("bad_setting", _settings),
    # The statement and its values stay out of what people see.
    "sqlalchemy.exc.DBAPIError": ("database_failed", lambda error: {"what": error.orig}),
    "sqlalchemy.exc.SQLAlchemyError": (
        "database_failed",
        lambda error: {"what": type(error).__name__},
    ),
    # A URL that asks for a driver which is not installed.
    "builtins.ModuleNotFoundError": ("database_failed", _as_what),
    "builtins.OSError": ("disk_failed", _as_what),
    "builtins.MemoryError": ("memory_short", lambda _: {}),
}


def explained_errors() -> tuple[type[Exception], ...]:
    """Return every kind of error that has a text; what defines them is loaded."""
    names = (name.rpartition(".") for name in _EXPLANATIONS)
    return tuple(getattr(import_module(module), kind) for module, _, kind in names)


def explain(error: Exception) -> tuple[str, Facts] | None:
    """Return the code of the text that explains an error and what to fill in, if any does."""
    if is_disk_full(error):
        return "disk_full", {}
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return "too_many_open", {"what": error}
    if is_storage_lost(error):
        return "storage_lost", {"what": type(error).__name__}
    for kind in type(error).__mro__:
        found = _EXPLANATIONS.get(_name(kind))
        if found is not None:
            code, facts = found
            return code, facts(error)
    return None


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
