"""One tlog-proof checked against a trust policy, step by step; nothing in it is trusted before.

The order of log format, section 5.8: the entry's facts add up to its commitment, its leaf lies
under the checkpoint, the checkpoint is signed by a key of the log and by a quorum of witnesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.proof.canonical import Value
from ledger.proof.disclosure import disclosed_facts, parse_proven_event, verify_disclosure
from ledger.proof.entry import Entry
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.merkle import verify_inclusion
from ledger.proof.policy import Policy, WitnessedCheckpoint
from ledger.proof.shapes import Shapes
from ledger.proof.tlog_proof import TlogProof, parse_tlog_proof


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """A proof that holds: the entry, its shown facts, and who vouches for the checkpoint.

    ``is_whole`` says that every fact is shown.
    """

    proof: TlogProof
    entry: Entry
    facts: Mapping[str, Value]
    is_whole: bool
    under: WitnessedCheckpoint


@dataclass(eq=False)
class UnknownShapeError(Exception):
    """The event has a shape that this verifier does not know: it cannot tell."""

    detail: str


def check_proof(data: bytes, policy: Policy, shapes: Shapes) -> CheckedProof:
    """Return what a proof proves.

    Raises:
        MalformedError: The bytes are no tlog-proof of ours.
        ProofError: A step does not hold; it is named.
        UnknownShapeError: Nobody published this shape.
    """
    proof = parse_tlog_proof(data)
    if proof.extra is None:
        raise MalformedError("tlog-proof", "an event of this log", "no extra")
    event = parse_proven_event(proof.extra)
    entry = event.entry
    unknown = verify_disclosure(event.disclosure, facts=entry.facts, shapes=shapes)
    if unknown is not None:
        raise UnknownShapeError(unknown)
    checkpoint = proof.checkpoint
    if (entry.log, entry.seq) != (checkpoint.origin, proof.index):
        raise ProofError("entry", [checkpoint.origin, proof.index], [entry.log, entry.seq])
    verify_inclusion(
        entry.leaf(),
        leaf_index=proof.index,
        tree_size=checkpoint.size,
        path=proof.path,
        root=checkpoint.root,
    )
    facts = disclosed_facts(event.disclosure)
    is_whole = len(facts) == len(event.disclosure)
    return CheckedProof(proof, entry, facts, is_whole, policy.verify(proof.note))
