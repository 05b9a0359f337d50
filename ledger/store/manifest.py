"""A backup's manifest: what belongs to it, byte for byte; written last, so it says it is whole.

JCS of an object; `files` and `tables` in ascending order of their names:

    {"files":[{"bytes":4096,"name":"log.sqlite","sha256":"…"}],"format":"ledger-backup/1",
     "made":"2026-03-01T08:00:00.000000Z","origin":"…","root":"…","size":300,"store":"log",
     "tables":[{"name":"entries","rows":300,"sha256":"…"}]}
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.proof.canonical import Value, decode_object, encode
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.entry import parse_time
from ledger.proof.errors import MalformedError
from ledger.proof.facts import parse_hex
from ledger.proof.merkle import HASH_BYTES
from ledger.store.copying import TableSum
from ledger.store.durable_file import PUBLIC, create_file
from ledger.store.migration import Store

MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 65_536
FORMAT = "ledger-backup/1"
_BLOCK = 1 << 20
_WHAT = "backup manifest"


@dataclass(eq=False)
class NoBackupError(Exception):
    """The folder is no finished backup, or not the one that its manifest describes.

    ``rule`` says what it should be; nothing was restored from it.
    """

    folder: str
    rule: str


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file of a backup: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is: of which log, up to where, and every byte of it.

    ``size`` and ``root`` are the log's; of a vault they are those of an empty tree.
    """

    store: Store
    checkpoint: Checkpoint
    made: str
    files: tuple[FileSum, ...]
    tables: tuple[TableSum, ...]

    def text(self) -> bytes:
        """Return the content of the manifest file."""
        files: list[Value] = [
            {"bytes": each.size, "name": each.name, "sha256": each.sha256.hex()}
            for each in sorted(self.files, key=lambda each: each.name)
        ]
        tables: list[Value] = [
            {"name": each.name, "rows": each.rows, "sha256": each.sha256.hex()}
            for each in sorted(self.tables, key=lambda each: each.name)
        ]
        return encode(
            {
                "files": files,
                "format": FORMAT,
                "made": self.made,
                "origin": self.checkpoint.origin,
                "root": self.checkpoint.root.hex(),
                "size": self.checkpoint.size,
                "store": self.store,
                "tables": tables,
            },
            what=_WHAT,
        )

    def digest(self) -> str:
        """Return SHA-256 of the manifest in hex: the name of this backup."""
        return hashlib.sha256(self.text()).hexdigest()


def parse_manifest(text: bytes) -> Manifest:
    """Return the manifest that has exactly these bytes: the inverse of `Manifest.text`.

    Raises:
        MalformedError: The bytes are no manifest of this format.
    """
    names = ("files", "format", "made", "origin", "root", "size", "store", "tables")
    members = decode_object(text, *names, what=_WHAT)
    match members:
        case {
            "format": "ledger-backup/1",
            "made": str(made),
            "origin": str(origin),
            "size": int(size),
            "store": "log" | "vault" as store,
            "files": list(files),
            "tables": list(tables),
        }:
            parse_time(made, what=_WHAT)
            root = parse_hex(members["root"], HASH_BYTES, what=_WHAT)
            manifest = Manifest(
                store,
                Checkpoint(origin, size, root),
                made,
                tuple(_file(each) for each in files),
                tuple(_table(each) for each in tables),
            )
        case _:
            raise MalformedError(_WHAT, FORMAT, members["format"])
    if manifest.text() != text:
        raise MalformedError(_WHAT, "its one spelling", text)
    return manifest


def write_manifest(
    folder: Path, manifest_of: Sequence[str], store: Store, checkpoint: Checkpoint, made: str,
    tables: Sequence[TableSum],
) -> Manifest:  # fmt: skip
    """Write the manifest of files that are durable already; durable when it returns."""
    files = tuple(sum_file(folder / name) for name in manifest_of)
    manifest = Manifest(store, checkpoint, made, files, tuple(tables))
    create_file(folder / MANIFEST, manifest.text(), mode=PUBLIC)
    return manifest


def read_backup(folder: Path, store: Store) -> Manifest:
    """Return the manifest of a backup, after all its files were found to be what it says.

    Raises:
        NoBackupError: They are not, or there is no manifest.
    """
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(MANIFEST_BYTES_MAX + 1)
        manifest = parse_manifest(text)
    except OSError as error:
        rule = "holds no manifest: not a finished backup made by `ledger backup`"
        raise NoBackupError(str(folder), rule) from error
    except MalformedError as error:
        raise NoBackupError(str(folder), f"{MANIFEST}: want {error.want}") from error
    if manifest.store != store:
        raise NoBackupError(str(folder), f"is a backup of the {manifest.store}")
    for each in manifest.files:
        if Path(each.name).name != each.name:
            raise NoBackupError(str(folder), f"{MANIFEST}: names of files")
        try:
            found = sum_file(folder / each.name)
        except OSError as error:
            raise NoBackupError(str(folder), f"{each.name} cannot be read") from error
        if found != each:
            raise NoBackupError(str(folder), f"{each.name} is not the file that was written")
    return manifest


def sum_file(path: Path) -> FileSum:
    """Return a file's size and digest, read in blocks."""
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            count += len(block)
    return FileSum(path.name, count, digest.digest())


def _file(value: Value) -> FileSum:
    match value:
        case {"bytes": int(count), "name": str(name), "sha256": digest}:
            return FileSum(name, count, parse_hex(digest, HASH_BYTES, what=_WHAT))
        case _:
            raise MalformedError(_WHAT, "bytes, name and sha256 of a file", None)


def _table(value: Value) -> TableSum:
    match value:
        case {"name": str(name), "rows": int(count), "sha256": digest}:
            return TableSum(name, count, parse_hex(digest, HASH_BYTES, what=_WHAT))
        case _:
            raise MalformedError(_WHAT, "name, rows and sha256 of a table", None)
