"""A small log of our own, written down as an export: another reading of the same format."""

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

VECTORS = json.loads(
    Path(__file__).parents[1].joinpath("vectors/log-format-v1.json").read_text("utf-8")
)
ORIGIN: str = VECTORS["log"]
BY = "staff:7f0e2c4a-1d3b-4e5f-8a6b-9c0d1e2f3a4b"
NO_HASH = "0" * 64
Signer = Callable[["Head"], str]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def jcs(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def root_of(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:]))


def path_of(leaves: list[bytes], index: int) -> list[bytes]:
    """The recursive definition of RFC 9162, 2.1.3.1."""
    if len(leaves) < 2:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*path_of(left, index), root_of(right)]
    return [*path_of(right, index - split), root_of(left)]


@dataclass(frozen=True)
class Head:
    size: int
    root: bytes
    origin: str = ORIGIN
    extension: str = ""

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n{self.extension}"


@dataclass(frozen=True)
class Identity:
    """A key with a name, which can sign a head in one of the three manners."""

    name: str
    kind: int
    key: Ed25519PrivateKey | MLDSA44PrivateKey

    @property
    def typed(self) -> bytes:
        return bytes([self.kind]) + self.key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return sha(self.name.encode() + b"\n" + self.typed)[:4]

    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self.typed)}"

    def line(self, head: Head, *, seconds: int = 1_790_000_000) -> str:
        if self.kind == 1:
            blob = self.key.sign(head.text().encode())
        else:
            stamp = seconds.to_bytes(8, "big")
            blob = stamp + self.key.sign(self._message(head, seconds, stamp))
        return f"— {self.name} {b64(self.key_id + blob)}\n"

    def _message(self, head: Head, seconds: int, stamp: bytes) -> bytes:
        if self.kind == 4:
            return f"cosignature/v1\ntime {seconds}\n{head.text()}".encode()
        name, origin = self.name.encode(), head.origin.encode()
        named = bytes([len(name)]) + name + stamp + bytes([len(origin)]) + origin
        return b"subtree/v1\n\0" + named + bytes(8) + head.size.to_bytes(8, "big") + head.root


def identity(name: str, kind: int, seed: int) -> Identity:
    raw = bytes([seed]) * 32
    if kind == 6:
        return Identity(name, kind, MLDSA44PrivateKey.from_seed_bytes(raw))
    return Identity(name, kind, Ed25519PrivateKey.from_private_bytes(raw))


VECTOR_SECRET = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex(VECTORS["checkpoint"]["secret_key"])
)
LOG = Identity(ORIGIN, 1, VECTOR_SECRET)
STRANGER = identity(ORIGIN, 1, 77)


def note(head: Head, *signers: Identity) -> str:
    return head.text() + "\n" + "".join(signer.line(head) for signer in signers)


def policy_of(*lines: str, quorum: str = "none") -> str:
    return "\n".join([*lines, f"quorum {quorum}", ""])


POLICY = policy_of(f"log {LOG.vkey()}")


def digest(fact: list[Any]) -> bytes:
    name, value, salt = fact
    return sha(b"\2" + bytes.fromhex(salt) + jcs([name, value]))


@dataclass
class Log:
    """Entries and the facts behind them; ``signed`` are the sizes whose heads went out."""

    entries: list[bytes] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)
    signed: list[int] = field(default_factory=list)
    signers: list[Identity] = field(default_factory=lambda: [LOG])
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def leaves(self) -> list[bytes]:
        return [sha(b"\0" + entry) for entry in self.entries]

    def add(
        self, stream: int, type_: str, lie: dict[str, Any] | None = None, **own: Any
    ) -> list[list[Any]]:
        """Add an event that follows the one before it in its stream, but for the lie."""
        lie = lie or {}
        identifier = f"00000000-0000-4000-8000-{stream:012x}"
        version, previous = self.streams.get(identifier, (0, NO_HASH))
        values = {
            "by": BY, "previous": previous, "shape": 1, "stream": identifier, "type": type_,
            "version": version + 1,
        } | own | lie.get("facts", {})  # fmt: skip
        seq = len(self.entries)
        listed = [
            [name, values[name], sha(f"{seq} {name}".encode())[:16].hex()]
            for name in lie.get("order", sorted)(values)
        ]
        digests = b"".join(digest(fact) for fact in listed)
        entry = {
            "facts": sha(b"\3" + len(listed).to_bytes(2, "big") + digests).hex(),
            "log": ORIGIN,
            "prev": sha(b"\0" + self.entries[-1]).hex() if self.entries else NO_HASH,
            "seq": seq,
            "time": f"2026-04-{1 + seq // 86400:02d}T{seq // 3600:02d}:{seq // 60 % 60:02d}"
            f":{seq % 60:02d}.000000Z",
            "v": 1,
        } | lie.get("entry", {})
        self.entries.append(jcs(entry))
        self.facts.append(listed)
        leaf = sha(b"\0" + self.entries[-1]).hex()
        self.streams[identifier] = (int(values["version"]), leaf)
        return listed

    def head(self, size: int | None = None) -> Head:
        size = len(self.entries) if size is None else size
        return Head(size, root_of(self.leaves[:size]))

    def shapes(self) -> dict[str, Any]:
        """The names of the facts, taken from the events themselves."""
        shapes: dict[str, dict[str, list[str]]] = {}
        for listed in self.facts:
            if listed is None or not all(isinstance(fact, list) for fact in listed):
                continue
            named = {fact[0]: fact[1] for fact in listed}
            shapes.setdefault(named["type"], {})[str(named["shape"])] = sorted(named)
        return shapes

    def write(self, folder: Path, *, facts: bool = True) -> Path:
        heads = {size: note(self.head(size), *self.signers) for size in self.signed}
        newest = note(self.head(), *self.signers)
        put(folder / "checkpoint", newest)
        for size, text in heads.items():
            put(folder / f"checkpoints/{size}", text)
        put(folder / "log.vkey", LOG.vkey() + "\n")
        put(folder / "policy", POLICY)
        put(folder / "shapes.json", jcs(self.shapes()))
        level, hashes = 0, self.leaves
        while hashes:
            for name, chunk in tiles(hashes):
                put(folder / f"tile/{level}/{name}", b"".join(chunk))
            full = len(hashes) // 256
            hashes = [root_of(hashes[at * 256 : at * 256 + 256]) for at in range(full)]
            level += 1
        for name, bundle in tiles(self.entries):
            framed = b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle)
            put(folder / f"tile/entries/{name}", framed)
        for at in range(0, len(self.facts) if facts else 0, 256):
            lines = b"".join(jcs(listed) + b"\n" for listed in self.facts[at : at + 256])
            put(folder / f"facts/{at // 256:03d}.jsonl", lines)
        return folder

    def proof(
        self, seq: int, *, withhold: tuple[str, ...] = (), size: int | None = None
    ) -> str:
        size = len(self.entries) if size is None else size
        facts = [digest(f).hex() if f[0] in withhold else f for f in self.facts[seq]]
        extra = b64(jcs({"entry": self.entries[seq].decode(), "facts": facts}))
        path = "".join(b64(node) + "\n" for node in path_of(self.leaves[:size], seq))
        head = note(self.head(size), *self.signers)
        return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {seq}\n{path}\n{head}"


def tiles(items: list[bytes]) -> list[tuple[str, list[bytes]]]:
    found = []
    for at in range(0, len(items), 256):
        chunk = items[at : at + 256]
        partial = f".p/{len(chunk)}" if len(chunk) < 256 else ""
        found.append((f"{at // 256:03d}{partial}", chunk))
    return found


def put(path: Path, data: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def vector_log() -> Log:
    """The eleven entries of the vectors."""
    rows = copy.deepcopy(VECTORS["rows"])
    entries = [row["entry"].encode() for row in rows]
    return Log(entries, [row["facts"] for row in rows], signed=[1, 4, 11])


def long_log(size: int = 600) -> Log:
    """Seven streams in turn: three bundles, a level of tiles above them."""
    log = Log(signed=[1, 255, 256, 257, 500, size])
    for seq in range(size):
        log.add(seq % 7, "record.noted", n=seq, text=f"私密{seq}")
    return log


def bare_log(size: int, *, signed: int) -> Log:
    """Entries without facts: quickly made, for a tree of many levels."""
    log = Log(signed=[signed])
    form = f'{{"facts":"{NO_HASH}","log":"{ORIGIN}","prev":"%s","seq":%d,"time":"%s","v":1}}'
    prev = NO_HASH
    for seq in range(size):
        entry = (form % (prev, seq, "2026-04-01T00:00:00.000000Z")).encode()
        log.entries.append(entry)
        prev = sha(b"\0" + entry).hex()
    return log
