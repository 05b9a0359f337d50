"""Every parser, fed anything: it refuses in one way, or accepts the one spelling.

    python tests/fuzz/fuzz_parsers.py 100000     mutations of the corpus below, seeded
    python tests/fuzz/fuzz_parsers.py DIR…       coverage-guided, where atheris is installed

To add a parser, add a line to `PARSERS` and something that it accepts to `CORPUS`.
"""

import importlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger.proof.add_checkpoint import AddCheckpoint, parse_add_checkpoint
from ledger.proof.canonical import decode, encode
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.disclosure import (
    ProvenEvent,
    disclosure_text,
    parse_disclosure,
    parse_proven_event,
)
from ledger.proof.encoding64 import decode_utf8
from ledger.proof.entry import Entry, parse_entry
from ledger.proof.errors import MalformedError
from ledger.proof.facts import FactGroup, parse_group
from ledger.proof.merkle import edge_of
from ledger.proof.note import SignedNote, VerifierKey, parse_note, parse_vkey
from ledger.proof.personal import parse_personal, personal_text
from ledger.proof.policy import Policy, parse_policy
from ledger.proof.shapes import LOG_SHAPES, Shapes, parse_shapes
from ledger.proof.signers import SigningKey, parse_signing_key
from ledger.proof.tile import (
    EntryBundle,
    HashTile,
    encode_bundle,
    encode_hash_tile,
    parse_bundle,
    parse_hash_tile,
    parse_tile_path,
)
from ledger.proof.tlog_proof import TlogProof, parse_tlog_proof
from ledger.store.register import parse_register, register_text

LOG = "ledger.example.gov.cn/log/110000"
Parse = Callable[[bytes], Any]
Encode = Callable[[Any], bytes]


def text_parser(parse: Callable[[str], Any]) -> Parse:
    """Return a parser of bytes that are the UTF-8 of what another one reads."""
    return lambda data: parse(decode_utf8(data, "text"))


def parse_formatted_policy(text: str) -> Policy:
    """Read a policy, which may be written freely; go on only with the formatted one."""
    policy = parse_policy(text)
    assert parse_policy(policy.text()) == policy
    if policy.text() != text:
        raise MalformedError("policy", "the formatted text", text)
    return policy


def parse_counted_bundle(data: bytes) -> list[bytes]:
    """Read a bundle after one byte that tells how many entries it has, less one."""
    return parse_bundle(data[1:], count=1 + int.from_bytes(data[:1], "big"))


def encode_counted_bundle(entries: list[bytes]) -> bytes:
    """Write what `parse_counted_bundle` reads."""
    return bytes([len(entries) - 1]) + encode_bundle(entries)


def parse_sized_tile(data: bytes) -> list[bytes]:
    """Read a hash tile as wide as it is long."""
    return parse_hash_tile(data, width=len(data) // 32)


def path_of(tile: HashTile | EntryBundle) -> bytes:
    """Write what `parse_tile_path` reads."""
    return tile.path().encode()


PARSERS: list[tuple[str, Parse, Encode]] = [
    ("note", parse_note, SignedNote.encode),
    ("verifier key", text_parser(parse_vkey), lambda key: VerifierKey.text(key).encode()),
    ("signing key", text_parser(parse_signing_key), lambda key: SigningKey.text(key).encode()),
    (
        "checkpoint",
        text_parser(lambda text: parse_checkpoint(text, extensions_allowed=True)),
        lambda checkpoint: Checkpoint.text(checkpoint).encode(),
    ),
    ("tile path", text_parser(parse_tile_path), path_of),
    ("entry bundle", parse_counted_bundle, encode_counted_bundle),
    ("hash tile", parse_sized_tile, encode_hash_tile),
    ("tlog-proof", parse_tlog_proof, TlogProof.encode),
    (
        "policy",
        text_parser(parse_formatted_policy),
        lambda policy: Policy.text(policy).encode(),
    ),
    ("add-checkpoint", parse_add_checkpoint, AddCheckpoint.encode),
    ("canonical JSON", decode, encode),
    ("entry", parse_entry, Entry.text),
    ("facts", parse_group, FactGroup.text),
    ("personal digests", parse_personal, lambda digests: personal_text(digests) or b""),
    ("disclosure", parse_disclosure, disclosure_text),
    ("proven event", parse_proven_event, ProvenEvent.text),
    ("shapes", parse_shapes, Shapes.text),
    (
        "head register",
        lambda data: parse_register(data, origin=LOG),
        lambda edge: register_text(edge, origin=LOG),
    ),
]


def _corpus() -> list[bytes]:
    path = Path(__file__).parent.parent / "vectors" / "log-format-v1.json"
    vectors = json.loads(path.read_text("utf-8"))
    note, vkey = vectors["checkpoint"]["note"], vectors["checkpoint"]["vkey"]
    witness = "w.example+e2e34db8+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    texts = [
        note,
        note.partition("\n\n")[0] + "\n",
        vkey,
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "tile/0/x001/x234/067.p/8",
        "tile/entries/000",
        vectors["tlog_proof"],
        f"log {vkey} https://log.example\nwitness w {witness}\ngroup g any w\nquorum g\n",
        f"old 0\n\n{note}",
        f"old 10\nBq9OGGnkBAoAN6Mp2x1Vad5eAYlJKSQ+moFSOYxhH4A=\n\n{note}",
    ]
    bundle = b"\x0a" + bytes.fromhex(vectors["entry_bundle_tile_entries_000_p_11"])
    tile = bytes.fromhex(vectors["hash_tile_0_000_p_11"])
    texts += [row["entry"] for row in vectors["rows"][:2]]
    texts += [box["plaintext"] for box in vectors["boxes"]]
    extra = parse_tlog_proof(vectors["tlog_proof"].encode()).extra or b""
    personal = personal_text({box["person"]: {"name": bytes(32)} for box in vectors["boxes"]})
    register = register_text(edge_of([bytes(32)] * 3), origin=LOG)
    found = parse_proven_event(extra).disclosure
    more = [extra, personal or b"", register, disclosure_text(found), LOG_SHAPES.text()]
    return [text.encode() for text in texts] + [bundle, tile, *more]


CORPUS = _corpus()
# Bytes that mean something to one of the formats, or to a generous decoder.
_TOKENS = [b"\n", b"\n\n", b" ", b"+", b"=", b"0", b"_", b"\r", b"\t", b"#", b"\x00", b"\xff"]
_TOKENS += [
    "— ".encode(),
    "٤".encode(),
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"9" * 5_000,
    b"any",
    b"none",
]


def one_input(data: bytes) -> list[str]:
    """Feed bytes to every parser; return the names of those that accept them.

    Raises:
        AssertionError: A parser accepts a second spelling.
    """
    accepting = []
    for name, parse, write in PARSERS:
        try:
            value = parse(data)
        except MalformedError:
            continue
        assert write(value) == data, f"{name}: {data!r} is written as {write(value)!r}"
        accepting.append(name)
    return accepting


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four small changes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(changed))
        length = chance.choice([0, 1, 1, 2, 8, 64])
        match chance.randrange(5):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at : at + length] = chance.choice(_TOKENS)
            case 2:
                del changed[at : at + length]
            case 3:
                changed[at:at] = changed[at : at + length] or b"A"
            case _:
                other = chance.choice(CORPUS)
                start = chance.randrange(len(other))
                changed[at : at + length] = other[start : start + length]
    return bytes(changed)


def run(iterations: int, *, seed: int) -> int:
    """Feed so many mutations of the corpus; return how many of them a parser accepted."""
    chance = random.Random(seed)
    return sum(
        bool(one_input(mutate(chance.choice(CORPUS), chance))) for _ in range(iterations)
    )


def _feed(data: bytes) -> None:
    one_input(data)


def main(arguments: list[str]) -> None:
    """Run until told to stop where atheris is there, else as often as the argument says."""
    try:
        atheris = importlib.import_module("atheris")
    except ModuleNotFoundError:
        iterations = int(arguments[1]) if len(arguments) > 1 else 100_000
        print(f"{iterations} mutations, {run(iterations, seed=0)} of them accepted")
        return
    atheris.instrument_all()
    atheris.Setup(arguments, _feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
