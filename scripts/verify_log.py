#!/usr/bin/env python3
"""Verify an export of a log, or one proof, trusting only its bytes and your policy.

    verify_log.py EXPORT_FOLDER|FILE.tlog-proof --policy POLICY [--shapes FILE] [--json]

The policy (a C2SP tlog-policy) says whose keys you trust: get it elsewhere than from the
export, whose own ``policy``, ``log.vkey`` and ``shapes.json`` are never read. Numbers of
sections are those of docs/log-format.md. Exit 0: valid. 1: findings. 2: cannot tell, for a
reason in UNDECIDED. What was not checked is listed: ``rest`` is all that follows a missing
entry, an unreadable file or too many findings; ``streams`` counts events that do not show
theirs, after which gaps are no findings. Values of facts are never printed.
"""

import argparse
import base64
import hashlib
import json
import math
import re
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing, suppress
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE, ML_DSA = 1, 4, 6  # signature types of C2SP signed-note
ALGORITHMS: dict[int, Any] = {ED25519: Ed25519PublicKey, COSIGNATURE: Ed25519PublicKey}
with suppress(ImportError):
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    ALGORITHMS[ML_DSA] = MLDSA44PublicKey

VERDICTS = "通过 valid", "有发现 findings", "无法判断 cannot tell"
UNDECIDED = {"key_rotation", "no_entry", "ml_dsa_decides", "rest"}
TILE, FILE_MAX, FINDINGS_MAX = 256, 1 << 30, 1000
NUMBER, NO_LEAF = "(?:0|[1-9][0-9]{0,15})", "0" * 64
NAME, DIGEST, SALT = map(re.compile, ("[a-z][a-z0-9_]*", "[0-9a-f]{64}", "[0-9a-f]{32}"))
NONCHARACTERS = "".join(chr(p << 16 | 0xFFFE) + chr(p << 16 | 0xFFFF) for p in range(17))
REFUSED = re.compile(f"[\0\ufdd0-\ufdef{NONCHARACTERS}]")
ENTRY = re.compile(
    r'\{"facts":"(?P<facts>[0-9a-f]{64})","log":"(?P<log>[^"\\\0-\x1f]+)",'
    rf'"prev":"(?P<prev>[0-9a-f]{{64}})","seq":(?P<seq>{NUMBER}),'
    r'"time":"(?P<time>[0-9-]{10}T[0-9:]{8}\.[0-9]{6}Z)","v":1\}'
)
CHECKPOINT = re.compile(  # without extension lines (5.4)
    f"(?P<text>(?P<origin>[^\0-\x1f]+)\n(?P<size>{NUMBER})\n(?P<root>.{{43}}=)\n)\n"
    "(?P<signatures>(— [^+\0-\x1f\\s]+ [^\\s]+\n)+)"
)
PROOF = re.compile(
    f"c2sp[.]org/tlog-proof@v1\nextra (?P<extra>.+)\nindex (?P<index>{NUMBER})\n"
    "(?P<path>(.{43}=\n)*)\n(?P<checkpoint>(?s:.+))"
)
SHAPES = re.compile(rb'\{("[a-z0-9_.]+":\{("[0-9]+":\[("[a-z0-9_]+",?)+\],?)+\},?)*\}')


def encode(value: Any) -> bytes:
    """Return the one spelling of a value (RFC 8785, given ASCII keys and integers)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode(data: bytes) -> Any:
    """Return the value of canonical JSON; ValueError for any other spelling or value (2.4)."""
    with suppress(RecursionError):
        value = json.loads(data.decode())
        if encode(value) == data and _is_allowed(value):  # A key twice is another spelling.
            return value
    raise ValueError("not canonical JSON")


def _is_allowed(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(NAME.fullmatch, value)) and all(map(_is_allowed, value.values()))
    if isinstance(value, list):
        return all(map(_is_allowed, value))
    if isinstance(value, str):
        return not REFUSED.search(value)
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def unbase64(text: str) -> bytes:
    """Return the bytes of padded base64; ValueError for a second spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def sha256(*parts: bytes) -> bytes:
    """Return the hash of the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def tree_hash(nodes: list[bytes]) -> bytes:
    """Return the root over nodes of one height, the last maybe lower (RFC 9162, 2.1.1)."""
    if len(nodes) < 2:
        return nodes[0] if nodes else sha256()
    split = 1 << ((len(nodes) - 1).bit_length() - 1)
    return sha256(b"\1", tree_hash(nodes[:split]), tree_hash(nodes[split:]))


def climb(leaf: bytes, path: list[bytes], index: int, size: int) -> bytes:
    """Return the root that an inclusion path leads to, nothing if its length is wrong."""
    if size < 2 or not path:
        return leaf if (index, size, path) == (0, 1, []) else b""
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        inner = climb(leaf, path[:-1], index, split)
        return inner and sha256(b"\1", inner, path[-1])
    inner = climb(leaf, path[:-1], index - split, size - split)
    return inner and sha256(b"\1", path[-1], inner)


def parse_entry(data: bytes) -> dict[str, str]:
    """Return the members of an entry; ValueError for any but their only spelling (4.1)."""
    match = ENTRY.fullmatch(data.decode())
    if not match or len(data) > 65535 or not _is_allowed(match["log"]):
        raise ValueError("not the six members of an entry in canonical JSON")
    datetime.strptime(match["time"], "%Y-%m-%dT%H:%M:%S.%f%z")
    return match.groupdict()


def digest_facts(listed: Any) -> tuple[list[str], dict[str, Any], str]:
    """Return names ("" if withheld), disclosed facts, and the commitment to all of them (3)."""
    names, facts, digests = [], {}, []
    if not isinstance(listed, list) or len(listed) >= 2**16:
        raise ValueError("not a list of facts")
    for fact in listed:
        match fact:
            case str(digest) if DIGEST.fullmatch(digest):
                names.append("")
                digests.append(bytes.fromhex(digest))
            case [str(name), value, str(salt)] if NAME.fullmatch(name) and SALT.fullmatch(salt):
                names.append(name)
                facts[name] = value
                digests.append(sha256(b"\2", bytes.fromhex(salt), encode([name, value])))
            case _:
                raise ValueError("neither a disclosed nor a withheld fact")
    return names, facts, sha256(b"\3", len(digests).to_bytes(2), *digests).hex()


class Checkpoint:
    """A signed note over a tree; nothing in it counts before its signatures do."""

    def __init__(self, note: bytes) -> None:
        match = CHECKPOINT.fullmatch(note.decode())
        if not match:
            raise ValueError("not a signed checkpoint")
        self.text, self.origin = match["text"].encode(), match["origin"]
        self.size, self.root = int(match["size"]), unbase64(match["root"])
        lines = [line.split(" ") for line in match["signatures"].split("\n")[:-1]]
        self.signatures = [(name, unbase64(blob)) for _, name, blob in lines]

    def verify(self, name: str, key: bytes, signature: bytes) -> bool | None:
        """Return whether a signature holds, None if this machine cannot tell."""
        kind, stamp, message = key[0], b"", self.text
        if kind != ED25519:  # C2SP tlog-cosignature: a timestamp stands first.
            stamp, signature = signature[:8], signature[8:]
        try:
            if kind == COSIGNATURE:
                message = b"cosignature/v1\ntime %d\n" % int.from_bytes(stamp) + self.text
            elif kind == ML_DSA:
                pair = name.encode(), self.origin.encode()
                named = stamp.join(bytes([len(part)]) + part for part in pair)
                tree = bytes(8) + self.size.to_bytes(8) + self.root
                message = b"subtree/v1\n\0" + named + tree
            ALGORITHMS[kind].from_public_bytes(key[1:]).verify(signature, message)
        except (KeyError, UnsupportedAlgorithm):
            return None
        except (InvalidSignature, ValueError):
            return False
        return stamp < b"\x80"


def key_id_of(name: str, key: bytes) -> bytes:
    """Return what marks the lines of a key (C2SP signed-note)."""
    return sha256(name.encode(), b"\n", key)[:4]


def open_vkey(vkey: str) -> tuple[str, bytes, bytes]:
    """Return name, typed key and key ID of a verifier key; ValueError if it is none."""
    name, key_id, blob = vkey.split("+", 2)
    key = unbase64(blob)
    own_id = key_id_of(name, key)
    if len(key) != (1313 if key[:1] == bytes([ML_DSA]) else 33) or key_id != own_id.hex():
        raise ValueError(f"a key that cannot be used: {vkey}")
    return name, key, own_id


class Policy:
    """Whom the auditor trusts (C2SP tlog-policy); ValueError if it cannot be read."""

    def __init__(self, data: bytes) -> None:
        self.keys: dict[bytes, tuple[str, str, bytes]] = {}  # whose: role, name, key ID
        self.rules: dict[str, tuple[int, list[str]]] = {"none": (0, [])}  # how many of which
        self.quorum = ""
        for line in data.decode().split("\n"):
            words = line.split()
            if words and not words[0].startswith("#"):
                self._add(words)
        members = [member for _, listed in self.rules.values() for member in listed]
        if not self.quorum or len({"none", *members}) <= len(members):
            raise ValueError("policy: no quorum, or a member twice")

    def _add(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self._add_key("", vkey, (ED25519, ML_DSA))
            case ["witness", name, vkey] | ["witness", name, vkey, _] if name not in self.rules:
                self._add_key(name, vkey, (COSIGNATURE, ML_DSA))
                self.rules[name] = 1, []
            case ["group", name, rule, *members] if name not in self.rules:
                counts = {str(count): count for count in range(1, len(members) + 1)}
                counts |= {"any": 1, "all": len(members)}
                if rule not in counts or not set() < set(members) <= self.rules.keys():
                    raise ValueError(f"policy: a group that cannot be met: {name}")
                self.rules[name] = counts[rule], members
            case ["quorum", name] if name in self.rules and not self.quorum:
                self.quorum = name
            case _:
                raise ValueError(f"policy: a line that cannot be used: {' '.join(words)}")

    def _add_key(self, witness: str, vkey: str, kinds: tuple[int, ...]) -> None:
        name, key, own_id = open_vkey(vkey)
        if key[0] not in kinds or key in self.keys:
            raise ValueError(f"policy: a key that cannot be used here, or one twice: {vkey}")
        self.keys[key] = witness or f"log {name}", name, own_id

    def is_met(self, cosigners: set[str], name: str = "") -> bool:
        """Return whether these witnesses are a quorum."""
        name = name or self.quorum
        needed, members = self.rules[name]
        return name in cosigners or sum(self.is_met(cosigners, m) for m in members) >= needed


class Keys:
    """Which key of a log may vouch for which sizes, as its own events have it (5.9)."""

    def __init__(self) -> None:
        self.sizes: dict[bytes, tuple[float, float]] = {}  # in the order of their coming
        self.unread = 0  # events that may have named a key

    def chain(self, kind: int) -> list[bytes]:
        """Return the keys of a kind, the one in force last."""
        return [key for key in self.sizes if key[0] == kind]

    def take(self, seq: int, log: str, facts: dict[str, Any]) -> bool:
        """Take in an event; ValueError if it breaks the chain, False if a key is unknown."""
        if facts["type"] == "ledger.opened":
            note = facts.get("predecessor")
            other = note is None or Checkpoint(str(note).encode()).origin != log
            name, key, _ = open_vkey(str(facts.get("key")))
            if not other or (seq, facts.get("origin"), name, key[0]) != (0, log, log, ED25519):
                raise ValueError("entry 0 with this log's name and key, another predecessor")
            self.sizes[key] = 0, math.inf
            return True
        if not {"key", "previous_key"} <= facts.keys():
            return False
        named = [open_vkey(str(text)) for text in (facts["key"], facts["previous_key"]) if text]
        name, key, _ = named[0]
        old = named[1][1] if len(named) == 2 else b""
        chain, kinds = self.chain(key[0]), {each[0] for _, each, _ in named}
        if {each for each, _, _ in named} != {log} or kinds not in ({ED25519}, {ML_DSA}):
            raise ValueError("keys of this log, of one kind")
        current = chain[-1] if chain else old
        skipped = self.unread > 0 and old != b"" and old not in self.sizes
        if key in (old, *self.sizes) or (old, key[0]) == (b"", ED25519):
            raise ValueError("a key that is new, in the place of one")
        if old != current and not skipped:
            raise ValueError("previous_key that is in force")
        if old != current:
            self.sizes[current] = self.sizes[current][0], seq
        if old:
            self.sizes[old] = self.sizes.get(old, (0, 0))[0], seq + 1
        self.sizes[key] = seq + 1, math.inf
        return old == current


def read(path: Path) -> bytes:
    """Return a file; nothing if there is none, or a pipe, or one longer than any may be."""
    usable = path.is_file() and path.stat().st_size <= FILE_MAX
    return path.read_bytes() if usable else b""


class Audit:
    """What an auditor trusts, what was found, and what was not checked."""

    def __init__(self, path: Path, policy: bytes, shapes: bytes) -> None:
        self.path, self.log, self.size, self.root = path, "", 0, ""
        self.scope, self.policy = "export" if path.is_dir() else "proof", Policy(policy)
        if not SHAPES.fullmatch(shapes):
            raise ValueError("shapes: not names by type and number in canonical JSON")
        self.shapes: dict[str, dict[str, list[str]]] = json.loads(shapes)
        self.unchecked = Counter(shapes=not self.shapes, witnesses=self.policy.quorum == "none")
        self.findings: list[dict[str, Any]] = []
        self.entry: dict[str, Any] | None = None  # of a proof
        self.keys, self.later = Keys(), list[tuple[Checkpoint, str, bool]]()
        self.signed: list[tuple[str, Checkpoint, set[bytes], bool]] = []
        self.false: dict[str, tuple[str, str]] = {}  # checkpoints of another tree

    def find(self, code: str, seq: int | None, detail: str, want: object, got: object) -> None:
        """Add a finding, or give up."""
        found = {"code": code, "seq": seq, "detail": detail, "want": str(want), "got": str(got)}
        self.findings.append(found)
        if len(self.findings) >= FINDINGS_MAX:
            raise RuntimeError("too many findings")

    def _check_signatures(self, point: Checkpoint, where: str, *, quorum: bool) -> bool:
        """Return whether those whom the auditor trusts vouch for a checkpoint of this log."""
        mine, trusted = f"log {self.log}", self.policy.keys
        named = self.keys.sizes.keys() if trusted.keys() & self.keys.sizes.keys() else set()
        known = {key: (mine, self.log, key_id_of(self.log, key)) for key in named} | trusted
        roles: dict[bool | None, dict[bytes, str]] = {True: {}, None: {}, False: {}}
        for name, blob in point.signatures:
            owners = [
                (k, r) for k, (r, *identity) in known.items() if identity == [name, blob[:4]]
            ]
            self.unchecked["signature_key_unknown"] += name == self.log and not owners
            for key, role in owners:
                roles[point.verify(name, key, blob[4:])][key] = role
        self.unchecked["ml_dsa"] += len(roles[None])
        holding = set(roles[True].values())
        by, met = (
            {k for k, role in roles[True].items() if role == mine},
            self.policy.is_met(holding),
        )
        if not roles[False] and point.origin == self.log and by and (met or not quorum):
            self.signed.append((where, point, by, met and self.policy.quorum != "none"))
            return True
        if roles[None] and not roles[False]:
            self.unchecked["ml_dsa_decides"] += 1
        elif not (by or roles[False]) and (point, where, quorum) not in self.later:
            self.later.append((point, where, quorum))  # maybe by a key that the log will name
        elif (
            not (by or roles[False])
            and met
            and self.policy.quorum != "none"
            and self.keys.unread
        ):
            self.unchecked["key_rotation"] += 1
        else:
            got = (
                f"{point.origin}: {sorted(holding)} hold, {sorted(roles[False].values())} fail"
            )
            self.find("checkpoint_signature", None, where, f"log {self.log}, quorum", got)
        return False

    def _check_newest(self, newest: Checkpoint) -> None:
        self.log, self.size, self.root = newest.origin, newest.size, newest.root.hex()
        self._check_signatures(newest, "checkpoint", quorum=True)

    def judge_keys(self) -> None:
        """Say what the signers of each checkpoint are worth, now that all keys are known."""
        for point, where, quorum in self.later:
            if self._check_signatures(point, where, quorum=quorum) and where in self.false:
                self.find("checkpoint_inconsistent", None, where, *self.false[where])
        true = [
            (p.size, by, met) for where, p, by, met in self.signed if where not in self.false
        ]
        covered = max((size for size, _, met in true if met), default=-1)
        sure, before = self._trusted() & self.keys.sizes.keys(), -1
        pairs = [p for kind in (ED25519, ML_DSA) for p in pairwise(self.keys.chain(kind))]
        while len(sure) > before:
            before = len(sure)
            for old, new in pairs:
                (_, end), (start, stop) = self.keys.sizes[old], self.keys.sizes[new]
                if (
                    old in sure
                    and end <= covered
                    and any(s == end and old in by for s, by, _ in true)
                ):
                    sure.add(new)
                if new in sure and any(start <= s <= stop and new in by for s, by, _ in true):
                    sure.add(old)
        for where, point, by, _ in self.signed:
            worth = max(self._worth(key, point.size, by, sure, covered) for key in by)
            if where not in self.false and worth == 0:
                got = (
                    f"size {point.size}, by {sorted(key_id_of(self.log, k).hex() for k in by)}"
                )
                self.find("checkpoint_key_not_in_force", None, where, "a key in force", got)
            self.unchecked["key_rotation"] += where not in self.false and worth == 1

    def _worth(
        self, key: bytes, size: int, by: set[bytes], sure: set[bytes], covered: int
    ) -> int:
        """Return 0 for a key that is not in force at a size, 1 if nobody can tell, 2 if it counts."""
        chain = self.keys.chain(key[0])
        alike = {each for each in self._trusted() if each[0] == key[0]}
        unnamed = (0, math.inf) if self.keys.unread or not chain else (math.inf, math.inf)
        since, until = self.keys.sizes.get(key, unnamed)
        if not since <= size <= until:
            return 0
        if key in self.keys.sizes and key not in sure:
            return 1
        alone = set() < alike <= by or (key in chain and alike <= set(chain))
        return 2 if size <= covered or (alone and until == math.inf) else 1

    def _trusted(self) -> set[bytes]:
        return {
            key for key, (role, *_) in self.policy.keys.items() if role == f"log {self.log}"
        }

    def _check_place(self, seq: int, entry: dict[str, str], prev: str) -> None:
        for member, want in (("log", self.log), ("seq", str(seq)), ("prev", prev)):
            if entry[member] != want:
                self.find(f"entry_wrong_{member}", seq, "entry", want, entry[member])

    def _open_facts(self, seq: int, data: bytes, commitment: str) -> dict[str, Any]:
        """Return the disclosed facts, none unless the entry binds them (5.8)."""
        try:
            names, facts, got = digest_facts(decode(data))
        except (ValueError, RecursionError) as error:
            self.find("facts_not_canonical", seq, "facts", "a disclosure", error)
            return {}
        shown = [name for name in names if name]
        regular = shown == sorted(set(shown)) and facts.keys() >= {"type", "shape"}
        if not regular or type(facts.get("version", 1)) is not int:
            self.find("facts_shape", seq, "facts", "type, shape, version; names ascend", shown)
            return {}
        if self.shapes:
            shape = sorted(self.shapes.get(str(facts["type"]), {}).get(str(facts["shape"]), []))
            named = [name or want for name, want in zip(names, shape, strict=False)]
            if len(names) != len(shape) or named != shape:
                self.find("facts_shape", seq, "names", shape, shown)
        if got != commitment:
            self.find("facts_commitment", seq, "facts", commitment, got)
            return {}
        self.unchecked["facts_withheld"] += names.count("")
        return facts

    def check_proof(self) -> None:
        """Check a C2SP tlog-proof of one event (5.7) in the order of 5.8."""
        match = PROOF.fullmatch(read(self.path).decode())
        extra = decode(unbase64(match["extra"])) if match else None
        if not match or not isinstance(extra, dict) or extra.keys() != {"entry", "facts"}:
            raise ValueError("not a proof of an event")
        point, data = Checkpoint(match["checkpoint"].encode()), str(extra["entry"]).encode()
        index, path = int(match["index"]), [unbase64(n) for n in match["path"].split("\n")[:-1]]
        entry = parse_entry(data)
        facts = self._open_facts(index, encode(extra["facts"]), entry["facts"])
        self.keys.unread = 1  # all other events
        self._check_newest(point)
        self._check_place(index, entry, entry["prev"])
        if (root := climb(sha256(b"\0", data), path, index, point.size)) != point.root:
            self.find("proof_inclusion", index, "path", self.root, root.hex())
        self.entry = {"seq": index, "time": entry["time"], "facts": sorted(facts)}

    def check_export(self) -> None:
        """Check an export folder (6), read once, from the first entry to the last."""
        self.prev, self.time, self.missing = NO_LEAF, "", set[int]()
        self.levels: list[list[bytes]] = [[] for _ in range(8)]  # hashes of unfinished tiles
        self.with_facts = (self.path / "facts").is_dir()
        newest = Checkpoint(read(self.path / "checkpoint"))
        self._check_newest(newest)
        self.claims = defaultdict(list, {self.size: [("checkpoint", newest.root)]})
        files = sorted(self.path.glob("checkpoints/*"))
        for file in files:
            name = f"checkpoints/{file.name}"
            try:
                point = Checkpoint(read(file))
            except ValueError as error:
                self.find("file_malformed", None, name, "a checkpoint", error)
                continue
            signed = self._check_signatures(point, name, quorum=False)
            if signed or (point, name, False) in self.later:
                self.claims[point.size].append((name, point.root))
        self.unchecked.update(clock=1, checkpoints=not files, no_entry=not self.size)
        self.unchecked["facts"] += not self.with_facts
        with closing(sqlite3.connect("")) as self.db:  # a file of its own, which it deletes
            self.db.execute("CREATE TABLE stream (id BLOB PRIMARY KEY, version, leaf)")
            self._check_claims(0)
            for first in range(0, self.size, TILE):
                self._check_bundle(first, min(TILE, self.size - first))
        for size in sorted(self.claims):
            self._check_claims(size)
        for seq in sorted(self.missing):
            self.find("facts_missing", seq, "facts", "facts, or a later facts.lost", "none")

    def _check_claims(self, size: int) -> None:
        """Compare what was signed for a size with the tree so far, or with all there is."""
        below: list[bytes] = []  # the root of what the lower levels hold
        for tile in self.levels:
            below = [tree_hash(tile + below)] if tile or below else []
        want = f"{min(size, self.size)} {tree_hash(below).hex()}"
        for name, root in self.claims.pop(size, []):
            if (got := f"{size} {root.hex()}") != want:
                self.false[name] = want, got
                if name not in [where for _, where, _ in self.later]:
                    self.find("checkpoint_inconsistent", None, name, want, got)

    def _read(self, form: str, number: int, width: int) -> tuple[str, bytes]:
        *high, low = (part.zfill(3) for part in f"{number:,}".split(","))  # C2SP tlog-tiles
        name = form.format("".join(f"x{part}/" for part in high) + low)
        name += f".p/{width}" if width < TILE else ""
        return name, read(self.path / name)

    def _check_bundle(self, first: int, width: int) -> None:
        """Check as many entries as a bundle must hold, and the tiles that end with them."""
        name, data = self._read("tile/entries/{}", first // TILE, width)
        *lines, tail = self._read("facts/{}.jsonl", first // TILE, TILE)[1].split(b"\n")
        at = 0
        for offset in range(width):
            end = at + 2 + int.from_bytes(data[at : at + 2])
            if end > len(data):
                self.find("entry_missing", first + offset, name, width - offset, "none")
                raise RuntimeError("an entry is missing: what follows it is not checked")
            line = lines[offset] if offset < len(lines) else b"null"
            self._check_entry(first + offset, data[at + 2 : end], line)
            at = end
        if data[at:] or tail or lines[width:]:
            self.find("file_malformed", first, f"{name}, or facts", f"{width} entries", "more")
        self._check_tiles(first + width)

    def _check_entry(self, seq: int, data: bytes, line: bytes) -> None:
        leaf, commitment = sha256(b"\0", data), ""
        try:
            entry = parse_entry(data)
        except ValueError as error:
            self.find("entry_not_canonical", seq, "entry", "canonical JSON", error)
        else:
            self._check_place(seq, entry, self.prev)
            if entry["time"] < self.time:
                self.find("entry_time_back", seq, "entry", self.time, entry["time"])
            self.time, commitment = entry["time"], entry["facts"]
        self.keys.unread += not self.with_facts
        if self.with_facts:
            self._check_facts(seq, leaf.hex(), line, commitment)
        self.prev = leaf.hex()
        self.levels[0].append(leaf)
        if seq + 1 in self.claims:
            self._check_claims(seq + 1)

    def _check_tiles(self, size: int) -> None:
        for level, tile in enumerate(self.levels):
            if len(tile) == TILE or (tile and size == self.size):
                index = (size - 1) // TILE ** (level + 1)
                name, got = self._read(f"tile/{level}/{{}}", index, len(tile))
                if got != b"".join(tile):
                    start = index * TILE ** (level + 1)
                    self.find("tile_differs", start, name, "hashes of the entries", "others")
            if len(tile) == TILE:
                self.levels[level + 1].append(tree_hash(tile))
                tile.clear()

    def _check_facts(self, seq: int, leaf: str, line: bytes, commitment: str) -> None:
        facts: dict[str, Any] = {}
        if line == b"null":
            self.missing.add(seq)
        elif commitment:
            facts = self._open_facts(seq, line, commitment)
        self.keys.unread += not facts
        if facts.get("type") in ("ledger.opened", "key.rotated"):
            try:
                self.unchecked["key_rotation"] += not self.keys.take(seq, self.log, facts)
            except ValueError as error:
                code = {"ledger.opened": "ledger_opened"}.get(
                    facts["type"], "key_rotation_broken"
                )
                self.find(code, seq, "keys", error, facts["type"])
        if facts.get("type") == "facts.lost" and isinstance(facts.get("entries"), list):
            lost = {named for named in facts["entries"] if type(named) is int} & self.missing
            self.unchecked["excused"] += len(lost)
            self.missing -= lost  # Those of later entries are not there yet.
        if not facts.keys() >= {"stream", "version", "previous"}:
            self.unchecked["streams"] += 1
            return
        version, stream = facts["version"], sha256(encode(facts["stream"]))
        query = "SELECT version, leaf FROM stream WHERE id = ?"
        last, previous = self.db.execute(query, [stream]).fetchone() or (0, NO_LEAF)
        if version <= last or (version > last + 1 and not self.unchecked["streams"]):
            self.find("stream_version", seq, "version", last + 1, version)
        elif version == last + 1 and facts["previous"] != previous:
            self.find("stream_previous", seq, "previous", previous, "another")
        self.db.execute("REPLACE INTO stream VALUES (?, ?, ?)", [stream, version, leaf])


def safe(text: object) -> str:
    """Return a text that cannot command a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", type=Path, help="an export folder or a .tlog-proof file")
    parser.add_argument("--policy", type=Path, required=True, help="whom you trust")
    parser.add_argument("--shapes", type=Path, help="the published shapes")
    parser.add_argument("--json", action="store_true", help="print for a machine")
    args = parser.parse_args()
    started = time.monotonic()
    try:
        args.path.stat()
        audit = Audit(args.path, read(args.policy), read(args.shapes) if args.shapes else b"{}")
    except (OSError, ValueError) as error:
        parser.error(f"path, policy or shapes: {safe(error)}")
    try:
        {"export": audit.check_export, "proof": audit.check_proof}[audit.scope]()
    except ValueError as error:
        audit.find("file_malformed", None, args.path.name, f"{audit.scope} of a log", error)
    except (OSError, RuntimeError, sqlite3.Error) as error:
        audit.unchecked["rest"] += 1
        print(safe(error), file=sys.stderr)
    with suppress(RuntimeError):
        audit.judge_keys()
    code = 1 if audit.findings else 2 * any(audit.unchecked[why] for why in UNDECIDED)
    unchecked = [f"{why} {count:d}" for why, count in sorted((+audit.unchecked).items())]
    report = {key: vars(audit)[key] for key in ("scope", "log", "size", "root", "findings")}
    report |= {"ok": not code, "unchecked": unchecked, "entry": None if code else audit.entry}
    report["seconds"] = round(time.monotonic() - started, 3)
    lines = [f"{VERDICTS[code]}: {audit.scope} {audit.log} {audit.size} {audit.root}"]
    lines += [f"entry: {report['entry']}"] if report["entry"] else []
    lines += ["{code} {seq} {detail} want={want} got={got}".format(**f) for f in audit.findings]
    lines += [f"未检查 unchecked: {why}" for why in unchecked]
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    print(json.dumps(report) if args.json else "\n".join(map(safe, lines)))
    return code


if __name__ == "__main__":
    sys.exit(main())
