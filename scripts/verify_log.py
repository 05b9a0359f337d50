#!/usr/bin/env python3
"""Verify an export of a log, or one proof, trusting only its bytes and your policy.

    verify_log.py EXPORT_FOLDER|FILE.tlog-proof --policy POLICY [--shapes FILE] [--json]

The policy (a C2SP tlog-policy) says whose keys you trust: get it elsewhere than from the
export, whose own ``policy``, ``log.vkey`` and ``shapes.json`` are never read. Sections are
those of docs/log-format.md. Exit 0: valid. 1: findings. 2: cannot tell, for a reason in
UNDECIDED or without a checkpoint, as then nothing names a log that a finding could accuse. What
was not checked is listed: ``rest`` is all after a missing entry, an unreadable file or too many
findings; ``streams`` counts events that do not show theirs, after which gaps are no findings.
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
BUNDLE = re.compile("(?!x000)((x[0-9]{3}/){0,5}[0-9]{3})([.]p/(?!256)([1-9][0-9]{0,2}))?")
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


def open_vkey(vkey: str) -> tuple[str, bytes, bytes]:
    """Return name, typed key and key ID of a verifier key; ValueError if it is none."""
    name, key_id, blob = vkey.split("+", 2)
    key = unbase64(blob)
    own_id = sha256(name.encode(), b"\n", key)[:4]
    if len(key) != (1313 if key[:1] == b"\6" else 33) or key_id != own_id.hex():
        raise ValueError(f"a key that cannot be used: {vkey}")
    return name, key, own_id


class Policy:
    """Whom the auditor trusts (C2SP tlog-policy); ValueError if it cannot be read."""

    def __init__(self, data: bytes) -> None:
        self.keys: dict[bytes, tuple[str, str, bytes]] = {}  # whose: role, name, key ID
        self.rules: dict[str, tuple[int, list[str]]] = {"none": (0, [])}  # how many of which
        self.quorum = ""
        for line in data.decode().split("\n"):
            if (words := line.split()) and not words[0].startswith("#"):
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
        needed, members = self.rules[name := name or self.quorum]
        return name in cosigners or sum(self.is_met(cosigners, m) for m in members) >= needed


def read(path: Path) -> bytes:
    """Return a file; nothing if there is none, or a pipe, or one longer than any may be."""
    usable = path.is_file() and path.stat().st_size <= FILE_MAX
    return path.read_bytes() if usable else b""


class Audit:
    """What an auditor trusts, what was found, and what was not checked."""

    def __init__(self, path: Path, policy: bytes, shapes: bytes) -> None:
        self.path, self.log, self.size, self.root = path, "", 0, ""
        self.scope, self.policy = "export" if path.is_dir() else "proof", Policy(policy)
        self.newest: Any = Checkpoint(read(path / "checkpoint")) if path.is_dir() else None
        if not SHAPES.fullmatch(shapes):
            raise ValueError("shapes: not names by type and number in canonical JSON")
        self.shapes: dict[str, dict[str, list[str]]] = json.loads(shapes)
        self.unchecked = Counter(shapes=not self.shapes, witnesses=self.policy.quorum == "none")
        self.findings: list[dict[str, Any]] = []
        self.entry: dict[str, Any] | None = None  # of a proof
        self.sizes: dict[bytes, tuple[float, float]] = {}  # from which to which a key may sign
        self.named: dict[bytes, tuple[str, str, bytes]] = {}  # as in a policy, by the log
        self.unread = self.path.suffix == ".tlog-proof"  # Some event may have named a key.
        self.signed: list[tuple[str, Checkpoint, set[bytes], bool]] = []  # by whom, a quorum?
        self.covered = -1  # the largest size of this tree that a quorum has seen
        self.later: dict[str, tuple[Checkpoint, bool]] = {}  # signed by a key yet to be named
        self.false: dict[str, tuple[str, str]] = {}  # of another tree

    def find(self, code: str, seq: int | None, detail: str, want: object, got: object) -> None:
        """Add a finding, or give up."""
        found = {"code": code, "seq": seq, "detail": detail, "want": str(want), "got": str(got)}
        self.findings.append(found)
        if len(self.findings) >= FINDINGS_MAX:
            raise RuntimeError("too many findings")

    def _roles(self, point: Checkpoint) -> tuple[dict[bool | None, dict[bytes, str]], int]:
        """Return whose lines hold, fail or are unchecked; how many more bear the log's name."""
        linked = self.named if self.named.keys() & self.policy.keys.keys() else {}
        roles: dict[bool | None, dict[bytes, str]] = {True: {}, None: {}, False: {}}
        strangers = [name for name, _ in point.signatures].count(self.log)
        for key, (role, *identity) in (linked | self.policy.keys).items():
            for name, blob in point.signatures:
                if identity == [name, blob[:4]]:
                    roles[point.verify(name, key, blob[4:])][key] = role
                    strangers -= name == self.log
        return roles, strangers

    def _check_signatures(self, point: Checkpoint, where: str, *, quorum: bool) -> bool:
        """Return whether those whom the auditor trusts vouch for a checkpoint of this log."""
        roles, strangers = self._roles(point)
        held, failed = set(roles[True].values()), set(roles[False].values())
        by = {key for key, role in roles[True].items() if role == f"log {self.log}"}
        met = self.policy.is_met(held)
        if where not in self.later and not (by or failed or roles[None]) and strangers:
            self.later[where] = point, quorum
            if met and self.policy.quorum != "none":
                self.signed.append((where, point, by, True))  # by witnesses alone
            return False
        self.unchecked["ml_dsa"] += len(roles[None])
        self.unchecked["signature_key_unknown"] += strangers
        seen = met and self.policy.quorum != "none"
        if not failed and point.origin == self.log and by and (met or not quorum):
            self.signed.append((where, point, by, seen))
            return True
        if roles[None] and not failed:
            self.unchecked["ml_dsa_decides"] += 1
        elif self.unread and point.size <= self.covered and not (by or failed):
            self.unchecked["key_rotation"] += 1
        else:
            got = f"{point.origin}: {sorted(held)} hold, {sorted(failed)} fail"
            self.find("checkpoint_signature", None, where, f"log {self.log}, quorum", got)
        return False

    def _check_newest(self, newest: Checkpoint) -> None:
        self.log, self.size, self.root = newest.origin, newest.size, newest.root.hex()
        self._check_signatures(newest, "checkpoint", quorum=True)

    def _name_key(self, seq: int, facts: dict[str, Any]) -> None:
        """Take in which key the log puts in force from here on (5.9)."""
        opened = facts["type"] == "ledger.opened"
        needed = {"key", "origin", "predecessor"} if opened else {"key", "previous_key"}
        if not needed <= facts.keys():
            self.unchecked["key_rotation"] += 1
            return
        with suppress(ValueError, IndexError):
            keys = [open_vkey(str(facts[n])) for n in ("key", "previous_key") if facts.get(n)]
            key, old = keys[0][1], keys[1][1] if keys[1:] else b""
            current = ([k for k in self.sizes if k[0] == key[0]] or [old])[-1]
            fits = {(name, k[0]) for name, k, _ in keys} in ({(self.log, 1)}, {(self.log, 6)})
            due = (seq, facts["origin"], key[0]) == (0, self.log, 1) if opened else old
            if opened and (note := facts["predecessor"]) is not None:
                fits &= Checkpoint(str(note).encode()).origin != self.log
            if fits and (due or (key[0] == 6 and not opened)) and key not in (old, *self.sizes):
                if old == current:
                    if old:
                        self.sizes[old] = self.sizes.get(old, (0, 0))[0], seq + 1
                    self.sizes[key] = 0 if opened else seq + 1, math.inf
                    self.named |= {k: (f"log {self.log}", name, i) for name, k, i in keys}
                    return
                if self.unread:  # Another rotation may lie between.
                    self.unchecked["key_rotation"] += 1
                    return
        code = "ledger_opened" if opened else "key_rotation_broken"
        self.find(code, seq, "keys", "a new key, in the place of the one in force", "others")

    def judge_keys(self) -> None:
        """Say what the signers of each checkpoint are worth, now that all keys are named."""
        seen = [p.size for name, p, _, met in self.signed if met and name not in self.false]
        self.covered = max(seen, default=-1)
        for where, (point, quorum) in self.later.items():
            signed = self._check_signatures(point, where, quorum=quorum)
            if signed and where in self.false and where != "checkpoint":
                self.find("checkpoint_inconsistent", None, where, *self.false[where])
        true = [each for each in self.signed if each[0] not in self.false and each[2]]
        words = {(key, point.size) for _, point, by, _ in true for key in by}
        trusted = {k for k, (role, *_) in self.policy.keys.items() if role == f"log {self.log}"}
        sure = trusted & self.sizes.keys()
        pairs = [p for n in (1, 6) for p in pairwise(k for k in self.sizes if k[0] == n)]
        for old, new in pairs:
            end = self.sizes[old][1]
            if old in sure and end <= self.covered and (old, end) in words:
                sure.add(new)
        for old, new in reversed(pairs):
            spoke = any(k == new and self.sizes[new][0] <= size for k, size in words)
            sure |= {old} if new in sure and spoke else set()
        for where, point, by, _ in true:
            worth = [self._worth(k, point.size, by, trusted, sure) for k in by]
            if not max(worth):
                want, got = "a key in force", f"size {point.size}"
                self.find("checkpoint_key_not_in_force", None, where, want, got)
            self.unchecked["key_rotation"] += max(worth) == 1

    def _worth(self, key: bytes, size: int, by: set[bytes], *known: Any) -> int:
        """Return 0 for a key that is not in force at a size, 2 for one that counts, else 1."""
        trusted, sure = known
        chain = {k for k in self.sizes if k[0] == key[0]}
        alike = {k for k in trusted if k[0] == key[0]}
        named = self.sizes.get(key, (math.inf if chain and not self.unread else 0, math.inf))
        if not named[0] <= size <= named[1]:
            return 0
        if key in chain and key not in sure:
            return 1
        alone = set() < alike <= by or (key in chain and alike <= chain)
        return 2 if size <= self.covered or (alone and named[1] == math.inf) else 1

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
        self.unread |= not self.with_facts
        self._check_newest(self.newest)
        self.claims = defaultdict(list, {self.size: [("checkpoint", self.newest.root)]})
        files = sorted(self.path.glob("checkpoints/*"))
        for file in files:
            name = f"checkpoints/{file.name}"
            try:
                point = Checkpoint(read(file))
            except ValueError as error:
                self.find("file_malformed", None, name, "a checkpoint", error)
                continue
            if self._check_signatures(point, name, quorum=False) or name in self.later:
                self.claims[point.size].append((name, point.root))
        self.unchecked.update(clock=1, checkpoints=not files, no_entry=not self.size)
        self.unchecked["facts"] += not self.with_facts
        with closing(sqlite3.connect("")) as self.db:  # a file of its own, which it deletes
            self.db.execute("CREATE TABLE stream (id BLOB PRIMARY KEY, version, leaf)")
            self._check_claims(0)
            self._check_end()
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
                if name not in self.later or name == "checkpoint":
                    self.find("checkpoint_inconsistent", None, name, want, got)

    def _read(self, form: str, number: int, width: int) -> tuple[str, bytes]:
        *high, low = (part.zfill(3) for part in f"{number:,}".split(","))  # C2SP tlog-tiles
        name = form.format("".join(f"x{part}/" for part in high) + low)
        name += f".p/{width}" if width < TILE else ""
        return name, read(self.path / name)

    def _check_end(self) -> None:
        """Name the first entry of each bundle that reaches further than the checkpoint."""
        folder, beyond = self.path / "tile/entries", set[int]()
        names = [f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()]
        for match in filter(None, map(BUNDLE.fullmatch, names)):
            first, width = TILE * int(re.sub("[x/]", "", match[1])), int(match[4] or TILE)
            if width <= TILE and first + width > self.size:
                beyond.add(max(first, self.size))
        for seq in sorted(beyond)[:100]:
            self.find("entry_beyond_head", seq, "tile/entries", self.size, seq)

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
        self.unread |= not facts
        if facts.get("type") in ("ledger.opened", "key.rotated"):
            self._name_key(seq, facts)
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
