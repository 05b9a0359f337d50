"""A log with a policy, and witnesses that it can reach: honest ones, as `ledger.witness` is."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from ledger.application.witness_offering import Offering
from ledger.application.witnessing import Witnessing
from ledger.proof.add_checkpoint import origin_hash
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.consistency import prove_consistency
from ledger.proof.note import KeyType, VerifierKey, parse_note, parse_vkey
from ledger.proof.policy import Policy, PolicyGroup, PolicyLog, PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store.witness_client import WitnessHttp
from ledger.store.witness_state import WitnessBoard
from ledger.wiring.parts import Wiring, open_ledger
from ledger.wiring.witnesses import testimony_of
from ledger.witness.cosigning import Reply, Witness
from ledger.witness.memory import WitnessFolder
from tests.shell import ORIGIN, Shell
from tests.witness.wire import Asked, Wire, listening, replying

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PATIENCE = WitnessHttp(connect_s=20.0, read_s=20.0, total_s=30.0)
"""For witnesses that do answer, however busy the machine is."""
IMPATIENCE = WitnessHttp(connect_s=0.4, read_s=0.4, total_s=1.0)
"""For witnesses that never come to an end."""


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


def witness_key(name: str, kind: KeyType = KeyType.COSIGNATURE) -> SigningKey:
    return SigningKey(name, kind, name.encode().ljust(32, b".")[:32])


@dataclass
class Honest:
    """A witness that follows the specification, on a port of its own."""

    folder: Path
    name: str
    log_keys: Sequence[VerifierKey]
    clock: Clock
    mldsa: bool = False

    @cached_property
    def files(self) -> WitnessFolder:
        files = WitnessFolder(self.folder)
        if not (self.folder / "enrolled").exists():
            files.create(self.name, mldsa=self.mldsa)
        return files

    @property
    def key(self) -> SigningKey:
        return self.files.read_keys()[-1]

    def witness(self) -> Witness:
        """Return it as after a start, which enrols the log."""
        origin = self.log_keys[0].name
        self.files.enrol([origin])
        keys = self.files.read_keys()
        memory = self.files.memory(origin, keys[0].verifier_key)
        return Witness(keys, {origin: self.log_keys}, {origin: memory}, clock=self.clock)

    def reply(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            return self.witness().add_checkpoint(asked.body)
        return self.witness().latest(asked.path.split("/")[1])


@dataclass
class Scene:
    """One log, its witnesses by name, and what offers its checkpoints to them."""

    shell: Shell
    clock: Clock
    port: WitnessHttp = PATIENCE
    wires: dict[str, Wire] = field(default_factory=dict)
    honest: dict[str, Honest] = field(default_factory=dict)
    observed: list[Exception] = field(default_factory=list)

    @cached_property
    def ledger(self) -> Wiring:
        return open_ledger(self.shell.settings())

    def close(self) -> None:
        """End it: everything in memory is gone, and another process may ask."""
        if "witnessing" in self.__dict__:
            self.witnessing.leave()
            del self.__dict__["witnessing"]
        if "ledger" in self.__dict__:
            self.ledger.close()
            del self.__dict__["ledger"]

    def write_policy(self, witnesses: Sequence[PolicyWitness], threshold: int) -> None:
        own = (self.shell.data_dir / "policy").read_text("utf-8").split("\n")[0]
        log = PolicyLog(_vkey(own))
        names = tuple(witness.name for witness in witnesses)
        group = PolicyGroup("most", threshold, names)
        policy = Policy((log,), tuple(witnesses), (group,), "most")
        path = self.shell.folder / "witnesses.policy"
        path.write_text(policy.text(), "utf-8")
        self.shell.env["LEDGER_POLICY_FILE"] = str(path)

    @cached_property
    def witnessing(self) -> Witnessing:
        ledger = self.ledger

        def prove(old: int, new: int) -> list[bytes]:
            with ledger.subtrees() as subtree:
                return prove_consistency(subtree(new), old_size=old, new_size=new)

        offering = Offering(
            self.port,
            ledger.cosignatures,
            testimony_of(ledger),
            prove=prove,
            clock=self.clock,
            clock_bound=timedelta(seconds=300),
        )
        return Witnessing(
            ledger.policy,
            offering,
            ledger.cosignatures,
            WitnessBoard(ledger.paths.data_dir),
            publish=ledger.publisher.publish,
            clock=self.clock,
        )

    def round(self) -> None:
        self.witnessing.round()

    def troubles(self) -> dict[str, str]:
        return {each.name: each.trouble for each in self.witnessing.states() if each.trouble}

    def cosigned(self) -> dict[str, int]:
        """Return the largest size that each witness cosigned, by its name."""
        return {each.name: each.size for each in self.witnessing.states()}

    def served_size(self) -> int | None:
        note = self.ledger.cosignatures.newest()
        return None if note is None else parse_checkpoint(parse_note(note).text).size


def _vkey(line: str) -> VerifierKey:
    return parse_vkey(line.split(" ")[1])


@contextmanager
def staged(
    shell: Shell, *names: str, threshold: int = 1, mldsa: bool = False
) -> Iterator[Scene]:
    """Return a log with honest witnesses of these names, of which so many must agree."""
    scene = Scene(shell, Clock())
    with ExitStack() as stack:
        witnesses = []
        own = (shell.data_dir / "policy").read_text("utf-8").split("\n")[0]
        for name in names:
            folder = shell.folder / f"witness-{name}"
            honest = Honest(folder, f"{name}.example.org", [_vkey(own)], scene.clock, mldsa)
            wire = stack.enter_context(listening(replying(honest.reply)))
            scene.honest[name], scene.wires[name] = honest, wire
            witnesses.append(PolicyWitness(name, honest.key.verifier_key, wire.url))
        scene.write_policy(witnesses, threshold)
        try:
            yield scene
        finally:
            scene.close()


LOG_HASH = origin_hash(ORIGIN)
