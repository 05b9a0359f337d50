#!/usr/bin/env python3
"""Verify an export of a log, or one proof, trusting only its bytes and your policy.

    verify_log.py EXPORT_FOLDER|FILE.tlog-proof --policy POLICY [--shapes FILE] [--json]

It needs Python 3.11 and ``cryptography``, nothing of the project. The policy (a C2SP
tlog-policy) says whose keys you trust: get it elsewhere than from the export, whose own
``policy``, ``log.vkey`` and ``shapes.json`` are never read. Every entry, fact, tile and signed
checkpoint is hashed again from the bytes (docs/log-format.md). The audit goes on after a
finding, and reads in a stream: memory does not grow with the log. Tiles and facts beyond the
size of ``checkpoint``, and files that the format does not name, are not read.

Exit 0: valid. 1: findings, a line each, ``code seq detail want got``. 2: could not tell. What
was not checked is listed, never passed as sound. Values of facts are never printed, save with
--show for a proof that holds. In order: one spelling of JSON, hashes, checkpoints, keys and
policy, the checks of facts, a proof, an export, the command.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNATURE, ML_DSA = 1, 4, 6  # signature types of C2SP signed-note
ALGORITHMS: dict[int, Any] = {ED25519: Ed25519PublicKey, COSIGNATURE: Ed25519PublicKey}
with suppress(ImportError):  # An older cryptography: these lines are listed as unchecked.
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    ALGORITHMS[ML_DSA] = MLDSA44PublicKey

Shapes = dict[str, dict[str, list[str]]]
TILE, ZERO = 256, bytes(32)  # hashes in a full tile; what stands before the first entry
NOTE_MAX, BUNDLE_MAX, LINE_MAX, FINDINGS_MAX = 1 << 20, 256 * 65537, 8 << 20, 1000
NAME, DIGEST = re.compile("[a-z][a-z0-9_]*"), re.compile("[0-9a-f]{64}")
NUMBER = re.compile("0|[1-9][0-9]{0,15}")
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
BASE_FACTS = {  # the facts of every event, as their JSON reads
    "by": f'"(staff|volunteer|key|system):{UUID}"',
    "previous": '"[0-9a-f]{64}"',
    "shape": "[1-9][0-9]*",
    "stream": f'"{UUID}"',
    "type": r'"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"',
    "version": "[1-9][0-9]*",
}
NONCHARACTERS = "".join(chr(p << 16 | 0xFFFE) + chr(p << 16 | 0xFFFF) for p in range(17))
REFUSED = re.compile(f"[\0\ud800-\udfff\ufdd0-\ufdef{NONCHARACTERS}]")
ENTRY = re.compile(
    rb'\{"facts":"(?P<facts>[0-9a-f]{64})","log":(?P<log>"[^\n]+"),'
    rb'"prev":"(?P<prev>[0-9a-f]{64})","seq":(?P<seq>0|[1-9][0-9]{0,15}),'
    rb'"time":"(?P<time>[0-9-]{10}T[0-9:]{8}\.[0-9]{6}Z)","v":1\}'
)
TABLES = """
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY);
CREATE TABLE missing (seq INTEGER PRIMARY KEY);
CREATE TABLE stream (id BLOB PRIMARY KEY, seq, version, leaf);
CREATE TABLE hidden (seq INTEGER PRIMARY KEY, leaf);
CREATE INDEX by_leaf ON hidden (leaf);
"""
TEXTS = """
valid|valid|通过
invalid|findings|有发现
cannot_tell|could not tell|无法判断
unchecked|unchecked|未检查
checkpoint_i|keep both signed checkpoints: they are evidence|请保存两个已签名检查点作为证据
checkpoint_s|check the keys of your policy; ask for cosignatures|请核对策略公钥或索取见证签名
facts_|ask the operator for the facts as recorded|请向运营方索取原始事实
file_|fetch this file again, or ask for a new one|请重新获取该文件
proof_|ask for a new proof of this entry|请索取该条目的新证明
entry_|keep this copy as evidence; compare with a mirror|请保存本副本作为证据并与镜像比对
root_|keep this copy as evidence; compare with a mirror|请保存本副本作为证据并与镜像比对
stream_|ask the operator for this stream's whole history|请向运营方查询该事件流的完整历史
tile_|keep this copy as evidence; compare with a mirror|请保存本副本作为证据并与镜像比对
checkpoints|no earlier checkpoint to compare: bring any you hold|没有可比对的历史检查点
clock|times of entries against the clocks of witnesses|条目时间与见证方时钟的比对
excused|facts that a later entry declares erased or lost|后续条目已声明删除或遗失的事实
extensions|the meaning of extra lines in a checkpoint|检查点附加行的含义
facts|facts: the export holds none|事实：导出中没有
facts_withheld|facts bound but withheld|已绑定但未披露的事实
key_rotation|which log key vouches here: leave one in the policy|请在策略中只保留一个日志公钥
ml_dsa|ML-DSA signatures: install a newer cryptography|ML-DSA 签名：请升级 cryptography
no_entry|nothing to check: no entry|没有可检查的条目
root|roots that follow a missing hash|缺失哈希之后的根
shapes|lists of fact names: give --shapes|事实名称清单：请用 --shapes 提供
stopped|all that follows the last finding: too many|发现过多，其后内容未检查
streams|the place of an event in its stream: not disclosed|事件在事件流中的位置：未披露
unreadable|a file: check the path, its form and permissions|文件：请检查路径、格式与权限
witnesses|not witnessed: quorum none|未经见证：quorum none
"""


def encode(value: Any) -> bytes:
    """Return the one spelling of a value (RFC 8785, given ASCII keys and integers)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def decode(data: bytes, key: re.Pattern[str] = NAME) -> Any:
    """Return the value of canonical JSON; ValueError for any other spelling or value."""
    hook = partial(_members, key)
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=hook, parse_float=_refuse, parse_constant=_refuse
        )
        _check_value(value)
        if encode(value) != data:
            raise ValueError("not canonical JSON")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _members(key: re.Pattern[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs) or not all(key.fullmatch(name) for name in members):
        raise ValueError("a key twice, or not in snake_case")
    return members


def _refuse(_number: str) -> None:
    raise ValueError("not an integer")


def _check_value(value: Any) -> None:
    if isinstance(value, str) and REFUSED.search(value):
        raise ValueError("a character that is not allowed")
    if isinstance(value, int) and abs(value) >= 2**53:
        raise ValueError("an integer too large")
    if isinstance(value, list | dict):
        for member in value.values() if isinstance(value, dict) else value:
            _check_value(member)


def unbase64(text: str) -> bytes:
    """Return the bytes of padded base64; ValueError for a second spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def sha256(*parts: bytes) -> bytes:
    """Return the hash of the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


class Edge:
    """The right edge of a growing Merkle tree: its full subtrees, largest first."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.subtrees: list[tuple[int, bytes]] = []
        for leaf in leaves:
            self.append(leaf)

    def append(self, node: bytes) -> None:
        """Add a leaf, joining subtrees of the same height."""
        height = 0
        while self.subtrees and self.subtrees[-1][0] == height:
            node, height = sha256(b"\1", self.subtrees.pop()[1], node), height + 1
        self.subtrees.append((height, node))

    def root(self) -> bytes:
        """Return the root of the leaves so far (RFC 9162, 2.1.1)."""
        root, *others = [node for _, node in reversed(self.subtrees)] or [sha256()]
        for left in others:
            root = sha256(b"\1", left, root)
        return root


def climb(node: bytes, path: list[bytes], *, index: int, size: int) -> bytes | None:
    """Return the root a path leads to, None if its length is wrong (RFC 9162, 2.1.3.2)."""
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\1", sibling, node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1", node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def parse_entry(data: bytes) -> dict[str, str]:
    """Return the members of an entry; ValueError for any but their only spelling."""
    match = ENTRY.fullmatch(data)
    if not match or int(match["seq"]) >= 2**53:
        raise ValueError("not the six members of an entry in canonical JSON")
    entry = {name: text.decode() for name, text in match.groupdict().items()}
    datetime.strptime(entry["time"], "%Y-%m-%dT%H:%M:%S.%f%z")
    return entry | {"log": decode(match["log"])}


@dataclass(frozen=True)
class Checkpoint:
    """A signed note over a tree; nothing in it counts before its signatures do."""

    origin: str
    size: int
    root: bytes
    text: bytes
    extensions: list[str]
    signatures: list[tuple[str, bytes, bytes]]  # name, key ID, signature


def parse_checkpoint(note: bytes) -> Checkpoint:
    """Return the checkpoint of a note; ValueError if it is not one (C2SP tlog-checkpoint)."""
    head, _, tail = note.decode().rpartition("\n\n")
    if not tail.endswith("\n") or re.search("[\0-\x09\x0b-\x1f]", head + tail):
        raise ValueError("not a signed note")
    signatures = []
    for line in tail[:-1].split("\n"):
        dash, name, blob = line.split(" ")
        data = unbase64(blob)
        if dash != "—" or not is_key_name(name) or len(data) < 5:
            raise ValueError("not a signature line")
        signatures.append((name, data[:4], data[4:]))
    origin, size, root, *extensions = head.split("\n")
    if not origin or not NUMBER.fullmatch(size) or "" in extensions:
        raise ValueError("not the lines of a checkpoint")
    if len(unbase64(root)) != 32:
        raise ValueError("not a root")
    text = f"{head}\n".encode()
    return Checkpoint(origin, int(size), unbase64(root), text, extensions, signatures)


def is_key_name(name: str) -> bool:
    """Return whether a name may stand in a signature line."""
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


@dataclass(frozen=True)
class Key:
    """A verifier key; ``label`` is what the quorum calls a witness, "" for a log."""

    label: str
    name: str
    key_id: bytes
    kind: int
    public: bytes

    def verify(self, signature: bytes, point: Checkpoint) -> bool | None:
        """Return whether a signature holds, None if this machine cannot tell."""
        message = point.text
        try:
            if self.kind != ED25519:  # C2SP tlog-cosignature: a timestamp stands first.
                message, signature = self._cosigned(signature[:8], point), signature[8:]
            ALGORITHMS[self.kind].from_public_bytes(self.public).verify(signature, message)
        except (KeyError, UnsupportedAlgorithm):
            return None
        except (InvalidSignature, ValueError, OverflowError):
            return False
        return True

    def _cosigned(self, stamp: bytes, point: Checkpoint) -> bytes:
        if stamp >= b"\x80":
            raise ValueError("a timestamp out of range")
        if self.kind == COSIGNATURE:
            return b"cosignature/v1\ntime %d\n" % int.from_bytes(stamp) + point.text
        name, origin = self.name.encode(), point.origin.encode()
        named = len(name).to_bytes(1) + name + stamp + len(origin).to_bytes(1) + origin
        return b"subtree/v1\n\0" + named + bytes(8) + point.size.to_bytes(8) + point.root


class Policy:
    """Whom the auditor trusts (C2SP tlog-policy); ValueError if it cannot be read."""

    def __init__(self, data: bytes) -> None:
        self.keys: list[Key] = []
        self.groups: dict[str, tuple[int, set[str]]] = {}
        self.free: set[str] = set()  # names that are not yet in a group
        self.defined = {"none"}
        self.quorum = ""
        if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
            raise ValueError("policy: a control character; lines end in a newline alone")
        for number, line in enumerate(data.decode(errors="surrogateescape").split("\n"), 1):
            words = re.findall("[^ \t]+", line)
            try:
                if words and not words[0].startswith("#"):
                    self._add(words)
            except ValueError as error:
                raise ValueError(f"policy, line {number}: {error}") from error
        if not self.quorum:
            raise ValueError("policy: no quorum line")

    def _add(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self._add_key("", vkey, (ED25519, ML_DSA))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._define(name)
                self._add_key(name, vkey, (COSIGNATURE, ML_DSA))
            case ["group", name, rule, *members] if members:
                self._add_group(name, rule, members)
            case ["quorum", name] if not self.quorum and name in self.defined:
                self.quorum = name
            case _:
                raise ValueError("no such line, a second quorum, or a name not yet defined")

    def _add_group(self, name: str, rule: str, members: list[str]) -> None:
        rule = {"any": "1", "all": str(len(members))}.get(rule, rule)
        if not NUMBER.fullmatch(rule) or not 1 <= int(rule) <= len(members):
            raise ValueError("a group that cannot be met")
        if len(set(members)) != len(members) or not self.free.issuperset(members):
            raise ValueError("a member that is not defined, or in a group already")
        self._define(name)
        self.free.difference_update(members)
        self.groups[name] = int(rule), set(members)

    def _define(self, name: str) -> None:
        if name in self.defined:
            raise ValueError("a name twice")
        self.defined.add(name)
        self.free.add(name)

    def _add_key(self, label: str, vkey: str, kinds: tuple[int, ...]) -> None:
        name, key_id, blob = vkey.split("+", 2)
        typed = unbase64(blob)
        want = sha256(name.encode(errors="surrogateescape"), b"\n", typed)[:4]
        if key_id != want.hex() or not is_key_name(name):
            raise ValueError("not a verifier key")
        if (
            not typed
            or typed[0] not in kinds
            or len(typed) != (1313 if typed[0] == ML_DSA else 33)
        ):
            raise ValueError("a key of a type that this program cannot use here")
        if any(bool(k.label) == bool(label) and k.public == typed[1:] for k in self.keys):
            raise ValueError("a key twice")
        self.keys.append(Key(label, name, want, typed[0], typed[1:]))

    def is_met(self, cosigners: set[str]) -> bool:
        """Return whether these witnesses are a quorum."""
        met = cosigners | {"none"}
        for name, (needed, members) in self.groups.items():
            if len(met & members) >= needed:
                met.add(name)
        return self.quorum in met


def parse_shapes(data: bytes) -> Shapes:
    """Return the published fact names by type and number; ValueError if they are not that."""
    shapes = decode(data, key=re.compile("[a-z0-9_.]+"))
    if not isinstance(shapes, dict) or not all(isinstance(v, dict) for v in shapes.values()):
        raise ValueError("shapes: not lists of names by type and number")
    for names in (names for numbered in shapes.values() for names in numbered.values()):
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError("shapes: not a list of names")
        if names != sorted(set(names)) or not BASE_FACTS.keys() <= set(names):
            raise ValueError("shapes: names that do not ascend, or lack those of every event")
    return shapes


def digest_facts(listed: Any) -> tuple[list[str], dict[str, Any], list[bytes]]:
    """Return names ("" if withheld), disclosed facts and digests, in the order given."""
    names, facts, digests = [], {}, []
    if not isinstance(listed, list) or not 0 < len(listed) < 2**16:
        raise ValueError("not a list of facts")
    for fact in listed:
        match fact:
            case str(digest) if DIGEST.fullmatch(digest):
                names.append("")
                digests.append(bytes.fromhex(digest))
            case [str(name), value, str(salt)] if NAME.fullmatch(name) and re.fullmatch(
                "[0-9a-f]{32}", salt
            ):
                names.append(name)
                facts[name] = value
                digests.append(sha256(b"\2", bytes.fromhex(salt), encode([name, value])))
            case _:
                raise ValueError("neither a disclosed nor a withheld fact")
    return names, facts, digests


def read_bounded(path: Path, limit: int) -> bytes | None:
    """Return a file, None if there is none; ValueError if it is longer than it may be."""
    if not path.is_file():  # Nor is a pipe opened: it might never end.
        return None
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"more than {limit} bytes")
    return data


class EnoughError(Exception):
    """So many findings that more would tell nothing new."""


class Audit:
    """What is trusted, what was found, and the checks that a proof and an export share."""

    scope = ""

    def __init__(self, path: Path) -> None:
        self.path, self.policy = path, Policy(b"quorum none")
        self.shapes: Shapes | None = None
        self.log, self.root, self.undecided = "", "", False
        self.size: int | None = None
        self.findings: list[dict[str, Any]] = []
        self.unchecked: Counter[str] = Counter()
        self.spans: dict[bytes, tuple[int, int, int]] = {}  # key: first, last, unwitnessed
        self.entry: dict[str, Any] = {}  # of a proof that holds

    def trust(self, policy: Path, shapes: Path | None) -> None:
        """Read whom and what the auditor trusts; OSError or ValueError if that fails."""
        for path in filter(None, (policy, shapes)):
            if not path.is_file():
                raise FileNotFoundError(f"no such file: {path}")
        self.policy = Policy(read_bounded(policy, NOTE_MAX) or b"")
        if shapes:
            self.shapes = parse_shapes(read_bounded(shapes, LINE_MAX) or b"")
        self.unchecked["shapes"] = int(shapes is None)
        self.unchecked["witnesses"] = int(self.policy.quorum == "none")

    def verify(self) -> None:
        """Check all there is."""
        raise NotImplementedError

    def exit_code(self) -> int:
        """Return 0 for valid, 1 for findings, 2 for could not tell."""
        return 1 if self.findings else 2 if self.undecided else 0

    def find(
        self, code: str, seq: int | None, detail: str, want: object = "", got: object = ""
    ) -> None:
        """Add a finding, or give up with EnoughError."""
        found = {"code": code, "seq": seq, "detail": detail}
        self.findings.append(found | {"want": str(want), "got": str(got)})
        if len(self.findings) >= FINDINGS_MAX:
            raise EnoughError

    def cannot_tell(self, why: str) -> None:
        """Note something unchecked without which there is no verdict."""
        self.unchecked[why] += 1
        self.undecided = True

    def is_signed(self, point: Checkpoint, where: str, *, quorum: bool) -> bool:
        """Return whether a log key of the policy vouches for this checkpoint of this log."""
        held: set[Key] = set()
        unclear: set[Key] = set()
        for name, key_id, signature in point.signatures:
            for key in self.policy.keys:
                if (key.name, key.key_id) == (name, key_id):
                    verdict = key.verify(signature, point)
                    if verdict is False:  # A known key that fails spoils the whole note.
                        want = f"{name}+{key_id.hex()}"
                        self.find("checkpoint_signature", None, where, want, "does not verify")
                        return False
                    (unclear if verdict is None else held).add(key)
        self.unchecked["ml_dsa"] += len(unclear)
        self.unchecked["extensions"] += bool(point.extensions)
        return self._is_enough(point, where, held, unclear, quorum=quorum)

    def _is_enough(
        self, point: Checkpoint, where: str, held: set[Key], unclear: set[Key], *, quorum: bool
    ) -> bool:
        logs = [k for k in held | unclear if (k.label, k.name) == ("", self.log)]
        if not logs or point.origin != self.log:
            want = f"a log key of the policy for {self.log}"
            self.find("checkpoint_signature", None, where, want, point.origin)
            return False
        cosigners = {key.label for key in held if key.label}
        met = self.policy.is_met(cosigners)
        if quorum and not self.policy.is_met(cosigners | {key.label for key in unclear}):
            want, got = f"quorum {self.policy.quorum}", f"cosigned by {sorted(cosigners)}"
            self.find("checkpoint_signature", None, where, want, got)
        elif held.isdisjoint(logs) or (quorum and not met):
            self.cannot_tell("ml_dsa")
        witnessed = met and self.policy.quorum != "none"
        for key in held.intersection(logs):
            size, alone = point.size, sys.maxsize if witnessed else point.size
            first, last, unwitnessed = self.spans.get(key.key_id, (size, size, alone))
            self.spans[key.key_id] = min(first, size), max(last, size), min(unwitnessed, alone)
        return not held.isdisjoint(logs)

    def check_rotation(self, rotated: list[int]) -> None:
        """An old key vouches only for sizes up to its rotation, and only when witnessed."""
        ours = [k for k in self.policy.keys if (k.label, k.name) == ("", self.log)]
        doubt = not rotated and sum(key.kind == ED25519 for key in ours) > 1
        for seq in rotated:
            for first, last, unwitnessed in self.spans.values():
                if first <= seq or last <= seq + 1:  # Then it is not surely the new key.
                    doubt |= last > seq + 1 or unwitnessed <= seq + 1
        if doubt:
            self.cannot_tell("key_rotation")

    def open_facts(self, seq: int, listed: Any, commitment: str) -> dict[str, Any] | None:
        """Return the disclosed facts if the entry binds them."""
        try:
            names, facts, digests = digest_facts(listed)
        except (ValueError, RecursionError) as error:
            self.find("facts_not_canonical", seq, "facts", got=error)
            return None
        got = sha256(b"\3", len(digests).to_bytes(2), *digests).hex()
        if got != commitment:
            self.find("facts_commitment", seq, "facts", commitment, got)
            return None
        shown = [name for name in names if name]
        if shown != sorted(set(shown)):
            self.find("facts_shape", seq, "order", "names that ascend", shown)
            return None
        self.unchecked["facts_withheld"] += len(names) - len(shown)
        self._check_base(seq, facts)
        if self.shapes is not None and {"type", "shape"} <= facts.keys():
            self._check_shape(seq, names, facts)
        return facts

    def _check_base(self, seq: int, facts: dict[str, Any]) -> None:
        for name in BASE_FACTS.keys() & (facts.keys() | {"type", "shape"}):
            value = encode(facts[name]).decode() if name in facts else "withheld"
            if not re.fullmatch(BASE_FACTS[name], value):
                self.find("facts_shape", seq, name, BASE_FACTS[name], "something else")
                facts.pop(name, None)  # No later check may stumble over it.

    def _check_shape(self, seq: int, names: list[str], facts: dict[str, Any]) -> None:
        shape = (self.shapes or {}).get(facts["type"], {}).get(str(facts["shape"]), [])
        if len(shape) != len(names):
            self.find("facts_shape", seq, "number", len(shape) or "published", len(names))
            return
        for want, name in zip(shape, names, strict=True):
            if name not in {"", want}:
                self.find("facts_shape", seq, "place", want, name)


class Proof(Audit):
    """A C2SP tlog-proof of one event (docs/log-format.md, 5)."""

    scope = "proof"

    def verify(self) -> None:
        """Check the event; nothing in ``extra`` is shown unless everything holds."""
        data = read_bounded(self.path, 2 * LINE_MAX)
        if data is None:
            self.cannot_tell("unreadable")
            return
        try:
            index, extra, path, note = parse_proof(data)
            point = parse_checkpoint(note)
            bound = None if extra is None else decode(extra)
        except ValueError as error:
            self.find("file_malformed", None, self.path.name, "a tlog-proof", error)
            return
        self.log, self.size, self.root = point.origin, point.size, point.root.hex()
        self.is_signed(point, "checkpoint", quorum=True)
        self.check_rotation([])  # Where the key changed cannot be seen from here.
        match bound:
            case None:
                self.cannot_tell("no_entry")
            case {"entry": str(text), "facts": listed, **others} if not others:
                self._check_event(text.encode(), listed, index)
                root = climb(sha256(b"\0", text.encode()), path, index=index, size=point.size)
                if index >= point.size or root != point.root:
                    got = root.hex() if root else "a path of another length"
                    self.find("proof_inclusion", index, "path", self.root, got)
            case _:
                self.find("file_malformed", None, "extra", "an entry and its facts")
        self.entry = {} if self.exit_code() else self.entry

    def _check_event(self, data: bytes, listed: Any, index: int) -> None:
        try:
            entry = parse_entry(data)
        except ValueError as error:
            self.find("entry_not_canonical", index, "entry", got=error)
            return
        facts = self.open_facts(index, listed, entry["facts"])
        for member, want in (("log", self.log), ("seq", str(index))):
            if entry[member] != want:
                self.find(f"entry_wrong_{member}", index, "entry", want, entry[member])
        self.entry = {"seq": index, "time": entry["time"], "facts": facts}


def parse_proof(data: bytes) -> tuple[int, bytes | None, list[bytes], bytes]:
    """Return index, extra, path and note; ValueError if they are not there."""
    head, _, note = data.partition(b"\n\n")
    magic, *lines = head.decode().split("\n")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = unbase64(lines.pop(0)[6:])
    index = re.fullmatch(f"index ({NUMBER.pattern})", lines[0] if lines else "")
    path = [unbase64(line) for line in lines[1:]]
    if magic != "c2sp.org/tlog-proof@v1" or not index or any(len(p) != 32 for p in path):
        raise ValueError("another format")
    return int(index[1]), extra, path, note


def number_path(number: int) -> str:
    """Return a number in path elements of three digits: 1234067 is x001/x234/067."""
    text = f"{number % 1000:03d}"
    while number := number // 1000:
        text = f"x{number % 1000:03d}/{text}"
    return text


def tile_path(level: int | str, index: int, width: int) -> str:
    """Return where a tile or a bundle lies (C2SP tlog-tiles)."""
    return f"tile/{level}/{number_path(index)}" + (f".p/{width}" if width < TILE else "")


def split_bundle(data: bytes, width: int) -> tuple[list[bytes], int]:
    """Return the entries of a bundle, at most ``width``, and where they end."""
    entries: list[bytes] = []
    at = 0
    while len(entries) < width and at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    return entries, at


class Export(Audit):
    """An export folder, read once, from the first entry to the last."""

    scope = "export"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.edge: Edge | None = Edge()  # None once a leaf is not known
        self.prev: bytes | None = ZERO
        self.time = ""
        self.tiles: dict[int, list[bytes]] = {}  # hashes of the unfinished tiles above 0
        self.has_facts = (path / "facts").is_dir()
        self.rotated: list[int] = []

    def verify(self) -> None:
        """Check everything that the export holds."""
        newest = self._read_checkpoint("checkpoint")
        if newest is None:
            self.cannot_tell("unreadable")
            return
        # Without a name SQLite keeps the tables in a file of its own, and deletes it.
        with closing(sqlite3.connect("")) as self.db:
            self.db.executescript(TABLES)
            self._verify(newest)

    def _verify(self, newest: Checkpoint) -> None:
        self.log, self.size, self.root = newest.origin, newest.size, newest.root.hex()
        self.is_signed(newest, "checkpoint", quorum=True)
        self._list_checkpoints()
        self.unchecked["clock"] += 1
        self.unchecked["facts"] += not self.has_facts
        if not newest.size:
            self.cannot_tell("no_entry")
        signed = self.db.execute("SELECT size FROM checkpoint ORDER BY size")
        due = next(signed, (-1,))[0]
        for size in self._grow(newest.size):
            if due == size:
                self._check_signed(size, newest)
                due = next(signed, (-1,))[0]
        self._close(newest)
        while due >= 0:
            self._check_signed(due, newest)
            due = next(signed, (-1,))[0]
        self.check_rotation(self.rotated)

    def _read(self, name: str, limit: int) -> bytes | None:
        """Return a file, None if there is none, nothing of it if it is too long."""
        try:
            return read_bounded(self.path / name, limit)
        except ValueError as error:
            self.find("file_malformed", None, name, got=error)
            return b""

    def _read_checkpoint(self, name: str) -> Checkpoint | None:
        data = self._read(name, NOTE_MAX)
        try:
            return None if data is None else parse_checkpoint(data)
        except ValueError as error:
            self.find("file_malformed", None, name, "a checkpoint", error)
            return None

    def _list_checkpoints(self) -> None:
        folder = self.path / "checkpoints"
        if folder.is_dir():
            with os.scandir(folder) as files:
                for file in files:
                    if NUMBER.fullmatch(file.name) and file.is_file():
                        values = [int(file.name)]
                        self.db.execute("INSERT INTO checkpoint VALUES (?)", values)
                    else:
                        self.find("file_malformed", None, f"checkpoints/{file.name}")
        if not self.db.execute("SELECT 1 FROM checkpoint").fetchone():
            self.unchecked["checkpoints"] += 1

    def _check_signed(self, size: int, newest: Checkpoint) -> None:
        """Compare a checkpoint once signed with the tree at its size, or a later end."""
        name = f"checkpoints/{size}"
        point = self._read_checkpoint(name)
        if point is None:
            return
        if point.size != size:
            self.find("file_malformed", None, name, size, point.size)
        elif self.is_signed(point, name, quorum=False):
            if self.edge is None and size <= newest.size:
                self.unchecked["root"] += 1
                return
            root = newest.root if self.edge is None else self.edge.root()
            want, got = f"{min(size, newest.size)} {root.hex()}", f"{size} {point.root.hex()}"
            if want != got:
                self.find("checkpoint_inconsistent", None, name, want, got)

    def _grow(self, size: int) -> Iterator[int]:
        """Check bundle by bundle, yielding each size that the tree passes, from 0."""
        yield 0
        for first in range(0, size, TILE):
            width = min(TILE, size - first)
            entries, leaves = self._read_bundle(first, width)
            for offset, line in enumerate(self._fact_lines(first, width)):
                data, leaf = entries[offset], leaves[offset]
                commitment = None if data is None else self._check_entry(first + offset, data)
                if self.has_facts:
                    self._check_facts(first + offset, leaf, commitment, line)
                self.prev = leaf
                if leaf is None or self.edge is None:
                    self.edge = None
                else:
                    self.edge.append(leaf)
                yield first + offset + 1
            self._check_tiles([leaf for leaf in leaves if leaf], first, width)

    def _read_bundle(
        self, first: int, width: int
    ) -> tuple[list[bytes | None], list[bytes | None]]:
        """Return entries and leaves; of a lost entry, the leaf that the tile claims."""
        name = tile_path("entries", first // TILE, width)
        data = self._read(name, BUNDLE_MAX) or b""
        known, end = split_bundle(data, width)
        if end < len(data):
            self.find("file_malformed", first, name, f"{end} bytes", len(data))
        entries: list[bytes | None] = [*known]
        leaves: list[bytes | None] = [sha256(b"\0", entry) for entry in known]
        if len(known) < width:
            self.find("entry_missing", first + len(known), name, width, len(known))
            tile = None
            with suppress(ValueError):  # Too long a tile is reported where it is compared.
                tile = read_bounded(self.path / tile_path(0, first // TILE, width), TILE * 32)
            for at in range(len(known) * 32, width * 32, 32):
                entries.append(None)
                leaves.append(tile[at : at + 32] if tile and len(tile) == width * 32 else None)
        return entries, leaves

    def _check_entry(self, seq: int, data: bytes) -> str | None:
        """Return the commitment of an entry that can be read, noting what is wrong with it."""
        try:
            entry = parse_entry(data)
        except ValueError as error:
            self.find("entry_not_canonical", seq, "entry", got=error)
            return None
        prev = entry["prev"] if self.prev is None else self.prev.hex()
        for member, want in (("log", self.log), ("seq", str(seq)), ("prev", prev)):
            if entry[member] != want:
                self.find(f"entry_wrong_{member}", seq, "entry", want, entry[member])
        if entry["time"] < self.time:
            self.find("entry_time_back", seq, "entry", self.time, entry["time"])
        self.time = entry["time"]
        return entry["facts"]

    def _check_tiles(self, hashes: list[bytes], first: int, width: int) -> None:
        """Compare the tiles that end with this bundle, level by level."""
        if len(hashes) == width:
            self._compare(0, first // TILE, hashes)
        level = 0
        while self.edge and len(hashes) == TILE:
            level, above = level + 1, self.tiles.setdefault(level + 1, [])
            above.append(Edge(hashes).root())
            hashes = [*above]
            if len(hashes) == TILE:
                self._compare(level, first // TILE ** (level + 1), hashes)
                above.clear()

    def _compare(self, level: int, index: int, want: list[bytes]) -> None:
        name, step = tile_path(level, index, len(want)), TILE**level
        tile = self._read(name, TILE * 32)
        if tile is None:
            self.find("tile_differs", index * TILE * step, name, "a tile", "no file")
        elif len(tile) != len(want) * 32:
            self.find("file_malformed", index * TILE * step, name, len(want) * 32, len(tile))
        elif tile != b"".join(want):
            got = [tile[at : at + 32] for at in range(0, len(tile), 32)]
            at = next(at for at in range(len(want)) if want[at] != got[at])
            seq = (index * TILE + at) * step
            self.find("tile_differs", seq, name, want[at].hex(), got[at].hex())

    def _fact_lines(self, first: int, width: int) -> Iterator[bytes | None]:
        """Yield a line for each entry: b"" if there is none, None if it cannot be known."""
        name = f"facts/{number_path(first // TILE)}.jsonl"
        if not (self.path / name).is_file():
            yield from [b""] * width
            return
        with (self.path / name).open("rb") as file:
            for offset in range(width):
                line = file.readline(LINE_MAX + 1)
                if len(line) > LINE_MAX:
                    self.find("file_malformed", first + offset, name, LINE_MAX, "longer line")
                    yield from [None] * (width - offset)
                    return
                yield line
            if file.read(1):
                self.find("file_malformed", None, name, f"{width} lines", "more")

    def _check_facts(
        self, seq: int, leaf: bytes | None, commitment: str | None, line: bytes | None
    ) -> None:
        facts: dict[str, Any] = {}
        if line in (b"", b"null\n"):
            self.db.execute("INSERT INTO missing VALUES (?)", [seq])
        elif line is not None and commitment is not None:
            facts = self._read_facts(seq, line, commitment)
        if facts.get("type") == "key.rotated":
            self.rotated.append(seq)
        if facts.get("type") in {"facts.erased", "facts.lost"}:
            self._excuse(seq, facts.get("entries"))
        if leaf is not None and {"stream", "version", "previous"} <= facts.keys():
            self._check_stream(seq, leaf, facts)
        else:
            self.unchecked["streams"] += 1
            self.db.execute("INSERT INTO hidden VALUES (?, ?)", [seq, leaf])

    def _read_facts(self, seq: int, line: bytes, commitment: str) -> dict[str, Any]:
        try:
            listed = decode(line.removesuffix(b"\n"))
            if not line.endswith(b"\n"):
                raise ValueError("a line without an end")
        except ValueError as error:
            self.find("facts_not_canonical", seq, "line", got=error)
            return {}
        return self.open_facts(seq, listed, commitment) or {}

    def _excuse(self, seq: int, entries: Any) -> None:
        """Strike what an entry declares erased or lost: it speaks of earlier ones only."""
        for named in entries if isinstance(entries, list) else []:
            if type(named) is int and named < seq:
                gone = self.db.execute("DELETE FROM missing WHERE seq = ?", [named])
                self.unchecked["excused"] += gone.rowcount

    def _check_stream(self, seq: int, leaf: bytes, facts: dict[str, Any]) -> None:
        """Check that an event follows the one before it in its stream, if that is known."""
        stream = sha256(facts["stream"].encode())  # Not written down: it may be private.
        row = self.db.execute("SELECT seq, version, leaf FROM stream WHERE id = ?", [stream])
        since, version, last = row.fetchone() or (-1, 0, ZERO)
        previous, gap = bytes.fromhex(facts["previous"]), facts["version"] - version - 1
        follows = previous == last
        if gap > 0 and self._hidden(since, gap) == gap:  # They may be events of this stream.
            query = "SELECT 1 FROM hidden WHERE seq > ? AND (leaf = ? OR leaf IS NULL)"
            follows, gap = bool(self.db.execute(query, [since, previous]).fetchone()), 0
            last = b""
        if gap:
            self.find("stream_version", seq, "version", version + 1, facts["version"])
        elif not follows:
            want = last.hex() or "the leaf of an event not disclosed"
            self.find("stream_previous", seq, "previous", want, previous.hex())
        values = [stream, seq, facts["version"], leaf]
        self.db.execute("REPLACE INTO stream VALUES (?, ?, ?, ?)", values)

    def _hidden(self, since: int, enough: int) -> int:
        """Return how many events of an unknown stream follow ``since``, at most ``enough``."""
        query = "SELECT count(*) FROM (SELECT 1 FROM hidden WHERE seq > ? LIMIT ?)"
        return int(self.db.execute(query, [since, enough]).fetchone()[0])

    def _close(self, newest: Checkpoint) -> None:
        """Check what only the end can tell."""
        if self.edge is None:
            self.unchecked["root"] += 1
        else:
            for level, hashes in self.tiles.items():
                if hashes:
                    self._compare(level, newest.size // TILE ** (level + 1), hashes)
            if (root := self.edge.root()) != newest.root:
                self.find("root_differs", None, "checkpoint", root.hex(), self.root)
        for (seq,) in self.db.execute("SELECT seq FROM missing ORDER BY seq"):
            self.find("facts_missing", seq, "facts", "facts, or a later facts.lost", "none")


def safe(text: object) -> str:
    """Return a text that cannot command a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(text))


def print_text(audit: Audit, *, show: bool) -> None:
    """Say to a person what was found."""
    chinese = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("zh")
    texts = {(row := line.split("|"))[0]: row[1 + chinese] for line in TEXTS.split("\n")[1:-1]}
    verdict = texts[("valid", "invalid", "cannot_tell")[audit.exit_code()]]
    print(safe(f"{verdict}: {audit.scope} {audit.log} size={audit.size} root={audit.root}"))
    for found in audit.findings:
        print(safe("{code} {seq} {detail} want={want} got={got}".format(**found)))
    for code in sorted({found["code"] for found in audit.findings}):
        advice = next(t for key, t in texts.items() if code.startswith(key))
        print(f"  {code}: {advice}")
    for key, value in audit.entry.items():
        shown = value if show or key != "facts" else sorted(value)
        print(safe(f"{key}: {encode(shown).decode()}"))
    for key, count in sorted((+audit.unchecked).items()):
        print(f"{texts['unchecked']}: {key} {count}: {texts[key]}")


def print_json(audit: Audit, seconds: float, *, show: bool) -> None:
    """Say to a machine what was found."""
    members = ("scope", "log", "size", "root", "findings")
    out = {"ok": audit.exit_code() == 0} | {name: getattr(audit, name) for name in members}
    out["unchecked"] = [f"{key} {count}" for key, count in sorted((+audit.unchecked).items())]
    out["seconds"] = round(seconds, 3)
    if audit.entry:
        facts = audit.entry["facts"]
        out["entry"] = audit.entry | {"facts": facts if show else sorted(facts)}
    print(json.dumps(out))


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path", type=Path, help="an export folder or a .tlog-proof file")
    parser.add_argument("--policy", type=Path, required=True, help="whom you trust")
    parser.add_argument("--shapes", type=Path, help="the published shapes")
    parser.add_argument("--show", action="store_true", help="print the facts of a valid proof")
    parser.add_argument("--json", action="store_true", help="print for a machine")
    args = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):  # A terminal may lack a character.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    started = time.monotonic()
    audit: Audit = Proof(args.path)
    try:
        if args.path.is_dir():
            audit = Export(args.path)
        audit.trust(args.policy, args.shapes)
        audit.verify()
    except EnoughError:
        audit.unchecked["stopped"] += 1
    except (OSError, ValueError, RecursionError, sqlite3.Error) as error:
        audit.cannot_tell("unreadable")
        print(safe(error), file=sys.stderr)
    if args.json:
        print_json(audit, time.monotonic() - started, show=args.show)
    else:
        print_text(audit, show=args.show)
    return audit.exit_code()


if __name__ == "__main__":
    sys.exit(main())
