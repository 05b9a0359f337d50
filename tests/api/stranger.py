"""A consumer who knows the specifications and nothing of ours follows a log from a position.

What he keeps between two visits is how far he has read and the roots of the perfect subtrees
that make up what he has read (RFC 9162, 2.1); with them he needs no proof from anybody.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fetch = Callable[[str], tuple[int, bytes]]
"""``fetch(path)``: status and body of a file below the log's address."""


class Refused(Exception):
    """The log is not what it was, or not what it says."""


@dataclass
class Follower:
    """Follows one log under one key."""

    fetch: Fetch
    origin: str
    key: bytes
    size: int = 0
    peaks: list[tuple[int, bytes]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def visit(self) -> int:
        """Read what was added; return how many entries that were."""
        size, root = self._checkpoint()
        if size < self.size:
            raise Refused("the log has become shorter")
        before, peaks = self.size, list(self.peaks)
        fresh = list(self._entries(self.size, size))
        for entry in fresh:
            _grow(peaks, sha256(b"\0" + entry).digest())
        if _root(peaks) != root:
            raise Refused("the entries are not those of the checkpoint")
        self._read(fresh)
        self.size, self.peaks = size, peaks
        return size - before

    def _checkpoint(self) -> tuple[int, bytes]:
        status, note = self.fetch("checkpoint")
        text, _, signatures = note.partition(b"\n\n")
        origin, size, root = text.decode().split("\n")
        if status != 200 or origin != self.origin:
            raise Refused("another log")
        message, known = text + b"\n", False
        key_id = sha256(self.origin.encode() + b"\n\x01" + self.key).digest()[:4]
        for line in signatures.decode().splitlines():
            _, name, encoded = line.split(" ")
            signature = base64.b64decode(encoded, validate=True)
            if (name, signature[:4]) == (self.origin, key_id):
                Ed25519PublicKey.from_public_bytes(self.key).verify(signature[4:], message)
                known = True
        if not known:
            raise Refused("not signed by the log")
        return int(size), base64.b64decode(root, validate=True)

    def _entries(self, start: int, stop: int) -> Iterator[bytes]:
        for index in range(start // 256, -(-stop // 256)):
            width = min(256, stop - index * 256)
            for at, entry in enumerate(self._bundle(index, width), index * 256):
                if start <= at < stop:
                    yield entry

    def _bundle(self, index: int, width: int) -> Iterator[bytes]:
        place, rest = f"{index % 1000:03}", index // 1000
        while rest:
            place, rest = f"x{rest % 1000:03}/{place}", rest // 1000
        names = [f"tile/entries/{place}"]
        if width < 256:
            names.insert(0, f"{names[0]}.p/{width}")
        # A partial bundle may be gone once the full one is there (C2SP tlog-tiles).
        data = next(body for status, body in map(self.fetch, names) if status == 200)
        while data:
            length = int.from_bytes(data[:2], "big")
            yield data[2 : 2 + length]
            data = data[2 + length :]

    def _read(self, fresh: list[bytes]) -> None:
        for seq, entry in enumerate(fresh, self.size):
            read = json.loads(entry)
            last = self.entries[-1] if self.entries else None
            prev = "0" * 64 if last is None else last["leaf"]
            if (read["log"], read["seq"], read["prev"]) != (self.origin, seq, prev):
                raise Refused(f"entry {seq} does not follow the one before")
            self.entries.append({**read, "leaf": sha256(b"\0" + entry).hexdigest()})


def _grow(peaks: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Add a leaf to the roots of perfect subtrees, each with its height, largest first."""
    height = 0
    while peaks and peaks[-1][0] == height:
        leaf = sha256(b"\1" + peaks.pop()[1] + leaf).digest()
        height += 1
    peaks.append((height, leaf))


def _root(peaks: list[tuple[int, bytes]]) -> bytes:
    root = b""
    for _, peak in reversed(peaks):
        root = sha256(b"\1" + peak + root).digest() if root else peak
    return root or sha256(b"").digest()
