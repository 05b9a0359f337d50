"""Who stands outside: a witness as a process of its own, and what people keep in a drawer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import VerifierKey, parse_note
from ledger.proof.policy import Policy, PolicyLog, PolicyWitness, parse_policy
from ledger.wiring.parts import open_ledger
from ledger.wiring.witnesses import compare_with_witnesses, make_witnessing
from tests.faults.scene import POLICY, Scene
from tests.shell import Shell
from tests.witness.serving import NAME, Served, enrol, witnessing

WITNESS = "w"
"""What policies call the witness."""


def log_keys(scene: Scene) -> Sequence[VerifierKey]:
    """Return the public keys of a log, as somebody outside was given them."""
    policy = parse_policy((scene.shell.folder / POLICY).read_text("utf-8"))
    return [log.key for log in policy.logs]


def trust(scene: Scene, key: VerifierKey, url: str) -> None:
    """Let a ledger ask for the cosignatures of one witness, and need them."""
    logs = tuple(PolicyLog(each) for each in log_keys(scene))
    policy = Policy(logs, (PolicyWitness(WITNESS, key, url),), (), WITNESS)
    path = scene.shell.folder / "witnesses.policy"
    path.write_text(policy.text(), "utf-8")
    scene.shell.env["LEDGER_POLICY_FILE"] = str(path)


def make_witness(scene: Scene, folder: Path) -> Shell:
    """Return a folder with a new witness that is to cosign for a log."""
    shell = Shell(folder)
    enrol(shell, log_keys(scene))
    made = Scene(shell, before=0).command("witness", "init", "--name", NAME)
    assert made.returncode == 0, made.stderr
    return shell


@contextmanager
def standing(scene: Scene, folder: Path) -> Iterator["Outside"]:
    """Run a witness for a ledger, which from now on needs its cosignatures."""
    shell = make_witness(scene, folder)
    with witnessing(shell) as served:
        trust(scene, served.key, served.url)
        yield Outside(served)


@dataclass(frozen=True)
class Outside:
    """A witness that runs, and what it has seen."""

    served: Served

    def cosign(self, scene: Scene) -> None:
        """Have the newest checkpoint of a ledger cosigned."""
        ask(scene)
        assert cosigned_size(scene) == scene.size()


def ask(scene: Scene) -> None:
    """Ask a ledger's witnesses as the service does at its start and in its first round."""
    settings = scene.shell.settings()
    ledger = open_ledger(settings)
    rounds = make_witnessing(ledger, settings)
    try:
        compare_with_witnesses(ledger)
        rounds.round()
    finally:
        rounds.leave()
        ledger.close()


def cosigned_size(scene: Scene) -> int:
    """Return the size of the newest checkpoint that the witness has cosigned, as kept here."""
    ledger = open_ledger(scene.shell.settings())
    note = ledger.cosignatures.newest()
    ledger.close()
    return 0 if note is None else parse_checkpoint(parse_note(note).text).size
