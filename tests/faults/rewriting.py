"""Somebody who holds every secret of a ledger and rewrites its history without a seam."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.proof.canonical import Value
from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.entry import Entry, parse_entry
from ledger.proof.facts import FactGroup, commitment, merge_digests, parse_group
from ledger.proof.merkle import edge_of
from ledger.proof.personal import parse_personal
from ledger.store.head import Head, sealed_row
from ledger.store.register import register_text
from ledger.wiring.parts import open_ledger
from tests.audit.outsider import Statement
from tests.faults.insider import Insider
from tests.faults.scene import Scene
from tests.shell import ORIGIN


@dataclass
class _Row:
    """One event as the forger holds it."""

    entry: Entry
    group: FactGroup
    personal: bytes | None


def rewrite_history(
    scene: Scene, start: int, change: Callable[[dict[str, Value]], None]
) -> None:
    """Change the facts of one event and make everything that follows from it agree.

    Entries, leaves, links, the head under the service's own seal, the checkpoints under the
    log's own key, the register outside the database: whoever does it holds every secret.
    """
    insider = Insider(scene)
    rows = [_row(each) for each in insider.table("entries")]
    facts = dict(rows[start].group.facts)
    change(facts)
    rows[start].group = FactGroup(rows[start].group.seed, facts)
    tails: dict[Value, str] = {}
    before = rows[start].entry.prev
    statements: list[Statement] = []
    for seq, row in enumerate(rows):
        stream = row.group.facts["stream"]
        if seq >= start:
            _link(row, before, tails.get(stream, "0" * 64))
            before = row.entry.leaf()
            query = "UPDATE entries SET entry = ?, leaf = ?, plain = ? WHERE seq = ?"
            statements.append((query, (row.entry.text(), before, row.group.text(), seq)))
        tails[stream] = row.entry.leaf().hex()
    _vouch(scene, insider, [row.entry for row in rows], start, statements)


def _row(columns: tuple[Any, ...]) -> _Row:
    _, _, entry, _, _, _, _, _, plain, personal, _ = columns
    return _Row(parse_entry(entry), parse_group(plain), personal)


def _link(row: _Row, before: bytes, previous: str) -> None:
    facts = {**row.group.facts, "previous": previous}
    row.group = FactGroup(row.group.seed, facts)
    groups = [row.group.digests(), *parse_personal(row.personal).values()]
    digest = commitment(list(merge_digests(groups).values()))
    row.entry = Entry(row.entry.log, row.entry.seq, row.entry.time, before, digest)


def _vouch(
    scene: Scene,
    insider: Insider,
    chain: list[Entry],
    start: int,
    statements: list[Statement],
) -> None:
    """Write the rows, and put the service's own seal and signature under them."""
    leaves = [entry.leaf() for entry in chain]
    ledger = open_ledger(scene.shell.settings())
    head = Head(ORIGIN, edge_of(leaves), leaves[-1], chain[-1].time)
    row = sealed_row(head, ledger.seal_key)
    query = "UPDATE heads SET size = ?, leaf = ?, time = ?, edge = ?, mac = ?"
    statements.append((query, (row.size, row.leaf, row.time, row.edge, row.mac)))
    for _, size, _ in insider.table("checkpoints"):
        if size > start:
            checkpoint = Checkpoint(ORIGIN, size, edge_of(leaves[:size]).root())
            line = sign_checkpoint(checkpoint, ledger.signing_keys[0], timestamp=None)
            note = add_signatures(checkpoint, [line]).encode()
            statements.append(("UPDATE checkpoints SET note = ? WHERE size = ?", (note, size)))
    insider.hand.run_all(statements)
    ledger.paths.register.write_bytes(register_text(head.edge, origin=ORIGIN))
    ledger.close()
