"""A ledger whose key is rotated, its witness, and two verifiers that share no code."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from ledger.application.auditing import audit
from ledger.application.published_shapes import SHAPES
from ledger.application.rotating import Rotated, rotate_key
from ledger.audit.chunk import Question
from ledger.audit.marks import Trust
from ledger.proof.canonical import Value
from ledger.proof.checkpoint import (
    Checkpoint,
    add_signatures,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.proof.merkle import edge_of
from ledger.proof.note import KeyType, VerifierKey, parse_note
from ledger.proof.policy import Policy, PolicyLog, PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.settings import Settings
from ledger.store.chance import random_uuid
from ledger.store.event import NewEvent, Submission, system_actor
from ledger.store.export_reading import ExportOpener
from ledger.store.exporting import Export
from ledger.store.schema import checkpoints
from ledger.wiring.creating import create_ledger
from ledger.wiring.parts import Wiring
from tests.shell import ORIGIN

VERIFIER = Path(__file__).parents[2] / "scripts" / "verify_log.py"
WITNESS = SigningKey("witness.example", KeyType.COSIGNATURE, b"\x05" * 32)
Codes = set[str]


@dataclass
class Keyed:
    """A ledger in this process; ``keys`` are those that it has had, the oldest first."""

    ledger: Wiring
    keys: list[SigningKey] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.ledger.publisher.check().size

    def append(self, count: int) -> None:
        """Append and publish one by one."""
        actor = system_actor(ORIGIN)
        facts: dict[str, Value] = {"topic": "other:Event", "originator_version": 0}
        facts["state"] = "e30="
        for _ in range(count):
            first = self.size
            event = NewEvent(str(random_uuid()), "opaque.recorded", 1, actor, {**facts})
            self.ledger.appender.append(Submission(random_uuid(), [event]))
            self.ledger.publisher.publish()
            assert self.size == first + 1

    def rotate(self, kind: KeyType = KeyType.ED25519) -> Rotated:
        done = rotate_key(self.ledger.key_parts, kind)
        key = self.ledger.key_files.read(kind)
        assert key is not None
        self.keys.append(key)
        return done

    def declare(self, *pairs: tuple[str | None, str]) -> int:
        """Append `key.rotated` past the command, all in one batch; return the first seq."""
        actor = system_actor(ORIGIN)
        stream = actor.removeprefix("system:")
        events = [
            NewEvent(stream, "key.rotated", 1, actor, {"previous_key": old, "key": new})
            for old, new in pairs
        ]
        return self.ledger.appender.append(Submission(random_uuid(), events)).first_seq

    def notes(self) -> dict[int, bytes]:
        with self.ledger.engine.connect() as connection:
            rows = connection.execute(sa.select(checkpoints.c.size, checkpoints.c.note))
            return {row.size: bytes(row.note) for row in rows}

    def signers(self) -> dict[int, list[int]]:
        """Return which keys, by their place in ``keys``, signed each size."""
        places = {key.verifier_key.id: place for place, key in enumerate(self.keys)}
        return {
            size: [places[line.key_id] for line in parse_note(note).signatures]
            for size, note in self.notes().items()
        }

    def root(self, size: int) -> bytes:
        kept = self.ledger.source.kept_hashes(0, 0, size)
        return edge_of([leaf or b"" for leaf in kept]).root()

    def forge(self, size: int, *keys: SigningKey) -> None:
        """Store a checkpoint of the true tree as somebody who has the keys would sign it."""
        checkpoint = Checkpoint(ORIGIN, size, self.root(size))
        lines = [sign_checkpoint(checkpoint, key, timestamp=None) for key in keys]
        note = add_signatures(checkpoint, lines).encode()
        with self.ledger.engine.begin() as connection:
            connection.execute(
                sa.insert(checkpoints), {"log": ORIGIN, "size": size, "note": note}
            )

    def export(
        self, folder: Path, *, facts: bool = True, cosigned: tuple[int, ...] = ()
    ) -> Path:
        """Export as the command does; the witness cosigns the named sizes."""
        note = self.ledger.publisher.publish()
        Export(self.ledger.source, folder, progress=lambda done: None).write(
            note,
            verifier_key=self.keys[-1].verifier_key.text(),
            policy=self.ledger.policy.text(),
            shapes=SHAPES,
            facts=facts,
        )
        for size in cosigned:
            cosign(folder / "checkpoints" / str(size))
        if self.size in cosigned:
            cosign(folder / "checkpoint")
        return folder

    def policy(self, *places: int, witnessed: bool = False) -> Policy:
        """Trust the keys at these places of ``keys``."""
        return policy_of(*(self.keys[at].verifier_key for at in places), witnessed=witnessed)


def policy_of(*keys: VerifierKey, witnessed: bool = False) -> Policy:
    policy = Policy(tuple(map(PolicyLog, keys)), (), (), "none")
    if not witnessed:
        return policy
    return replace(policy, witnesses=(PolicyWitness("W", WITNESS.verifier_key),), quorum="W")


def cosign(path: Path) -> None:
    """Let the witness add its line to a checkpoint in a file."""
    note = parse_note(path.read_bytes())
    line = sign_checkpoint(parse_checkpoint(note.text), WITNESS, timestamp=2**31)
    path.write_bytes(add_signatures(note, [line]).encode())


def create(folder: Path, database_url: str | None = None) -> Keyed:
    """Create a ledger of one entry."""
    values: dict[str, object] = {"data_dir": folder / "var"}
    if database_url is not None:
        values |= {"database_url": database_url, "vault_url": database_url}
    settings = Settings(**values, _env_file=None)  # type: ignore[arg-type, call-arg]
    ledger = create_ledger(settings, origin=ORIGIN, mldsa=False)
    return Keyed(ledger, [ledger.signing_keys[0]])


def check_export(folder: Path, policy: Policy) -> tuple[int, Codes]:
    """Return exit code and codes of findings, on which both verifiers must agree."""
    keys = tuple(log.key for log in policy.logs if log.key.name == ORIGIN)
    question = Question(SHAPES, Trust(keys, policy), clock_bound_s=2**40)
    report = audit(
        partial(ExportOpener(folder)), question, scope="export", progress=print, processes=1
    )
    codes = {finding.code.value for finding in report.tally.findings}
    code = 0 if report.ok else 2 if report.tally.sound else 1
    assert verify_log(folder, policy) == (code, codes)
    return code, codes


def verify_log(path: Path, policy: Policy) -> tuple[int, Codes]:
    """Run the stand-alone verifier."""
    file = path.parent / "trusted"
    file.write_text(policy.text())
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, path, "--policy", file, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["ok"] == (done.returncode == 0)
    return done.returncode, {finding["code"] for finding in report["findings"]}
