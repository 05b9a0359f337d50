"""golang.org/x/mod, which nobody here wrote, accepts our format and refuses each lie.

The exports are written here from the vectors, by the definitions of RFC 9162 and C2SP alone.
"""

import base64
import json
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.foreign.conftest import XmodCheck

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("vectors/log-format-v1.json").read_text("utf-8")
)
VKEY: str = VECTORS["checkpoint"]["vkey"]
ORIGIN: str = VECTORS["log"]
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["checkpoint"]["secret_key"]))
OTHER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
WIDTH = 256

BUNDLE = "tile/entries/000.p/11"
TILE = "tile/0/000.p/11"


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, level by level."""
    level = list(hashes) or [sha256(b"").digest()]
    while len(level) > 1:
        pairs = [node(*level[n : n + 2]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def checkpoint(size: int, root: bytes) -> bytes:
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
    key_id = bytes.fromhex(VKEY.split("+")[1])
    signature = base64.b64encode(key_id + KEY.sign(text.encode())).decode()
    return f"{text}\n— {ORIGIN} {signature}\n".encode()


def put(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def put_tiles(folder: Path, kind: str, parts: Sequence[bytes]) -> None:
    """Write tiles of 256 parts, the last one as a partial tile (for fewer than 256,000)."""
    for n, start in enumerate(range(0, len(parts), WIDTH)):
        held = parts[start : start + WIDTH]
        suffix = "" if len(held) == WIDTH else f".p/{len(held)}"
        put(folder, f"tile/{kind}/{n:03}{suffix}", b"".join(held))


def put_export(folder: Path, entries: Sequence[bytes], *, sizes: Sequence[int]) -> Path:
    """Write the export of a log that has signed checkpoints of these sizes and of the whole."""
    leaves = [sha256(b"\0" + entry).digest() for entry in entries]
    put_tiles(folder, "entries", [len(e).to_bytes(2, "big") + e for e in entries])
    hashes, level = leaves, 0
    while hashes:
        put_tiles(folder, str(level), hashes)
        full = range(0, len(hashes) - WIDTH + 1, WIDTH)
        hashes, level = [root_of(hashes[start : start + WIDTH]) for start in full], level + 1
    for size in {*sizes, len(leaves)}:
        put(folder, f"checkpoints/{size}", checkpoint(size, root_of(leaves[:size])))
    put(folder, "checkpoint", checkpoint(len(leaves), root_of(leaves)))
    put(folder, "log.vkey", VKEY.encode() + b"\n")
    return folder


def entries_of_vectors() -> list[bytes]:
    return [row["entry"].encode() for row in VECTORS["rows"]]


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode in (0, 1), done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    assert read["ok"] == (done.returncode == 0) == (read["findings"] == [])
    return read


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Return the export of the log of the vectors."""
    return put_export(tmp_path / "export", entries_of_vectors(), sizes=range(12))


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """Return the proof of the vectors as a file."""
    path = tmp_path / "event.tlog-proof"
    path.write_bytes(VECTORS["tlog_proof"].encode())
    return path


def test_the_export_is_byte_for_byte_that_of_the_vectors(golden: Path) -> None:
    bundle, tile = (
        VECTORS["entry_bundle_tile_entries_000_p_11"],
        VECTORS["hash_tile_0_000_p_11"],
    )
    assert (golden / BUNDLE).read_bytes().hex() == bundle
    assert (golden / TILE).read_bytes().hex() == tile
    assert (golden / "checkpoint").read_text("utf-8") == VECTORS["checkpoint"]["note"]


def test_the_log_of_the_vectors_is_accepted(golden: Path, xmod_check: XmodCheck) -> None:
    read = report(xmod_check(golden, VKEY))
    assert read["findings"] == []
    assert (read["origin"], read["size"]) == (ORIGIN, 11)
    assert base64.b64decode(read["root"]).hex() == VECTORS["rows"][-1]["root"]
    assert (read["files"], read["checkpoints"]) == (2, 12)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600, 70_000])
def test_logs_of_every_shape_are_accepted(
    tmp_path: Path, xmod_check: XmodCheck, size: int
) -> None:
    entries = [f"entry {n}".encode() for n in range(size)]
    sizes = [n for n in (0, 1, 2, 255, 256, 257, 65_536) if n <= size]
    read = report(xmod_check(put_export(tmp_path, entries, sizes=sizes), VKEY))
    assert read["findings"] == []
    assert read["size"] == size


def test_older_partial_tiles_may_stay(golden: Path, xmod_check: XmodCheck) -> None:
    put(golden, "tile/0/000.p/3", (golden / TILE).read_bytes()[: 3 * 32])
    assert report(xmod_check(golden, VKEY))["findings"] == []
    put(golden, "tile/0/000.p/3", (golden / TILE).read_bytes()[32 : 4 * 32])
    [finding] = report(xmod_check(golden, VKEY))["findings"]
    assert finding.startswith("tile/0/000.p/3:")


def test_a_second_signature_of_another_kind_is_passed_over(
    golden: Path, xmod_check: XmodCheck
) -> None:
    line = f"— {ORIGIN} {base64.b64encode(bytes(2432)).decode()}\n"
    put(golden, "checkpoint", (golden / "checkpoint").read_bytes() + line.encode())
    assert report(xmod_check(golden, VKEY))["findings"] == []


def change(name: str, at: int) -> Callable[[Path], None]:
    """Return a lie: one bit of one file."""

    def lie(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[at] ^= 1
        put(folder, name, bytes(data))

    return lie


def rewrite(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: put(folder, name, data)


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


LIES: dict[str, Callable[[Path], None]] = {
    "first-entry-one-bit": change(BUNDLE, 2),
    "last-entry-one-bit": change(BUNDLE, -1),
    "entry-length-one-bit": change(BUNDLE, 1),
    "bundle-missing": remove(BUNDLE),
    "hash-one-bit": change(TILE, 0),
    "last-hash-one-bit": change(TILE, -1),
    "hash-tile-missing": remove(TILE),
    "tile-of-no-tree": rewrite("tile/1/000.p/1", bytes(32)),
    "file-that-is-no-tile": rewrite("tile/readme", b"hello"),
    "signature-one-bit": change("checkpoint", -10),
    "origin-one-bit": change("checkpoint", 0),
    "size-one-more-unsigned": change("checkpoint", len(ORIGIN) + 2),
    "root-signed-but-not-of-the-entries": rewrite("checkpoint", checkpoint(11, bytes(32))),
    "size-signed-but-too-large": rewrite(
        "checkpoint", checkpoint(12, bytes.fromhex(VECTORS["rows"][-1]["root"]))
    ),
    "old-checkpoint-of-a-fork": rewrite("checkpoints/7", checkpoint(7, bytes(32))),
    "old-checkpoint-of-another-size": rewrite(
        "checkpoints/7", checkpoint(6, bytes.fromhex(VECTORS["rows"][5]["root"]))
    ),
    "old-checkpoint-larger-than-the-newest": rewrite(
        "checkpoints/12", checkpoint(12, bytes(32))
    ),
    "old-checkpoint-signature-one-bit": change("checkpoints/7", -10),
    "empty-tree-with-a-root": rewrite("checkpoints/0", checkpoint(0, bytes(32))),
    "published-key-of-another-log": rewrite("log.vkey", OTHER_VKEY.encode() + b"\n"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_about_the_log_is_refused(
    golden: Path, xmod_check: XmodCheck, lie: Callable[[Path], None]
) -> None:
    lie(golden)
    assert not report(xmod_check(golden, VKEY))["ok"]


def test_another_log_s_key_does_not_open_the_export(
    golden: Path, xmod_check: XmodCheck
) -> None:
    assert not report(xmod_check(golden, OTHER_VKEY))["ok"]


def test_the_proof_of_the_vectors_is_accepted(proof: Path, xmod_check: XmodCheck) -> None:
    read = report(xmod_check(proof, VKEY))
    assert read["findings"] == []
    index = VECTORS["tlog_proof"].split("\nindex ")[1].partition("\n")[0]
    assert (read["index"], read["size"]) == (int(index), 11)


@pytest.mark.parametrize("number", range(11))
def test_every_inclusion_path_of_the_vectors_is_accepted(
    tmp_path: Path, xmod_check: XmodCheck, number: int
) -> None:
    inclusion = VECTORS["inclusion"][number]
    entry = VECTORS["rows"][inclusion["index"]]["entry"]
    extra = base64.b64encode(json.dumps({"entry": entry, "facts": []}).encode()).decode()
    path = [base64.b64encode(bytes.fromhex(one)).decode() for one in inclusion["proof"]]
    lines = ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {inclusion['index']}", *path]
    file = tmp_path / "event.tlog-proof"
    file.write_text("\n".join([*lines, "", VECTORS["checkpoint"]["note"]]), "utf-8")
    assert report(xmod_check(file, VKEY))["findings"] == []


def changed_entry(text: str) -> str:
    lines = text.split("\n")
    extra = base64.b64decode(lines[1].removeprefix("extra ")).replace(b"2026", b"2027", 1)
    return "\n".join([lines[0], f"extra {base64.b64encode(extra).decode()}", *lines[2:]])


def changed_line(text: str, number: int, old: str, new: str) -> str:
    lines = text.split("\n")
    assert old in lines[number]
    lines[number] = lines[number].replace(old, new, 1)
    return "\n".join(lines)


def swapped_hashes(text: str) -> str:
    lines = text.split("\n")
    lines[3], lines[4] = lines[4], lines[3]
    return "\n".join(lines)


def flipped_in(text: str, number: int) -> str:
    """Return the text with another first letter in a line."""
    first = text.split("\n")[number][0]
    return changed_line(text, number, first, "B" if first == "A" else "A")


PROOF_LIES: dict[str, Callable[[str], str]] = {
    "header": lambda text: changed_line(text, 0, "@v1", "@v2"),
    "entry": changed_entry,
    "index-one-more": lambda text: changed_line(text, 2, "index 2", "index 3"),
    "index-beyond-the-tree": lambda text: changed_line(text, 2, "index 2", "index 11"),
    "index-with-a-zero-before": lambda text: changed_line(text, 2, "index 2", "index 02"),
    "path-one-letter": lambda text: flipped_in(text, 3),
    "path-swapped": swapped_hashes,
    "path-one-short": lambda text: text.replace(text.split("\n")[3] + "\n", "", 1),
    "size-unsigned": lambda text: text.replace("\n11\n", "\n12\n", 1),
    "note-without-signature": lambda text: text[: text.rindex("—")],
}


@pytest.mark.parametrize("lie", PROOF_LIES.values(), ids=PROOF_LIES.keys())
def test_a_lie_in_a_proof_is_refused(
    proof: Path, xmod_check: XmodCheck, lie: Callable[[str], str]
) -> None:
    text = proof.read_text("utf-8")
    proof.write_text(lie(text), "utf-8")
    assert proof.read_text("utf-8") != text
    assert not report(xmod_check(proof, VKEY))["ok"]


def test_another_log_s_key_does_not_open_the_proof(proof: Path, xmod_check: XmodCheck) -> None:
    assert not report(xmod_check(proof, OTHER_VKEY))["ok"]
