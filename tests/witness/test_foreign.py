"""Exchanged over HTTP with implementations that nobody here wrote, in both directions."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.proof.note import KeyType, parse_note, parse_vkey
from ledger.proof.policy import PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store import chance
from ledger.witness.memory import WitnessFolder
from tests.conftest import RequireTool
from tests.foreign.conftest import build_go
from tests.shell import ORIGIN, Shell
from tests.witness.foreign import Aics, fail_or_skip, install
from tests.witness.foreign_log import OtherLog
from tests.witness.scene import Clock, Scene
from tests.witness.serving import NAME, Served, enrol, witnessing

SIZE = 11
FOREIGN = "foreign.example.org/w1"
FEEDER = """
import sys
from aics_witness.feeder import WitnessClient, merge_cosignatures
url, vkey, state = sys.argv[1:4]
client = WitnessClient(url, vkey, state_path=state)
for path in sys.argv[4:]:
    old, note, proof = open(path, encoding="utf-8").read().split("\\n===\\n")
    hashes = [bytes.fromhex(line) for line in proof.split()]
    line = client.submit(note, lambda a, b, h=hashes: h)
    open(path + ".cosigned", "wb").write(merge_cosignatures(note, line))
"""


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the locked packages."""
    folder = tmp_path_factory.mktemp("aics")
    refused = install(folder)
    if refused:
        fail_or_skip(f"aics-witness could not be installed: {refused[-500:]}")
    return folder


@pytest.fixture
def aics(packages: Path, tmp_path: Path) -> Aics:
    folder = tmp_path / "aics"
    folder.mkdir()
    return Aics(packages, folder)


@pytest.fixture(scope="session")
def go_log(require_tool: RequireTool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Path(__file__).with_name("golog")
    return build_go(require_tool, source, into=tmp_path_factory.mktemp("golog"))


@pytest.fixture
def log(shell: Shell) -> Iterator[Scene]:
    """Return our log, in real time, with no witness yet."""
    scene = Scene(shell, Clock(chance.now()))
    yield scene
    scene.close()


def check_by_aics(aics: Aics, note: bytes, log_vkey: str, witness_vkey: str) -> str:
    """Return what aics-tlog says of a cosigned checkpoint."""
    path = aics.folder / "checkpoint"
    path.write_bytes(note)
    origin = note.decode().split("\n")[0]
    args = ("--note", path, "--origin", origin, "--log-key", log_vkey)
    quorum = ("--witness-key", witness_vkey, "--quorum", 1, "--max-age", 600)
    done = aics.run("aics_tlog", "verify-checkpoint", *args, *quorum)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_foreign_witness_cosigns_our_log_and_its_own_tools_accept_it(
    log: Scene, aics: Aics
) -> None:
    """Ours asks, theirs cosigns, theirs verifies, size after size and after a restart."""
    witness_vkey = aics.init(FOREIGN)
    log_vkey = log.ledger.signing_keys[0].verifier_key.text()
    aics.add_log(ORIGIN, log_vkey)
    with aics.serving() as url:
        log.write_policy([PolicyWitness("foreign", parse_vkey(witness_vkey), url)], 1)
        log.close()
        for size in (SIZE, SIZE + 1, SIZE + 301):
            log.shell.append(size - log.ledger.source.size())
            log.clock.now = chance.now()
            log.round()
            assert log.troubles() == {}
            assert log.served_size() == size
            note = log.ledger.files.checkpoint()
            said = check_by_aics(aics, note, log_vkey, witness_vkey)
            assert FOREIGN in said
    with aics.serving() as url:
        log.write_policy([PolicyWitness("foreign", parse_vkey(witness_vkey), url)], 1)
        log.close()
        log.shell.append(5)
        log.clock.now = chance.now()
        log.round()
        assert log.served_size() == SIZE + 306


def test_a_foreign_witness_that_lost_its_memory_is_retired(log: Scene, aics: Aics) -> None:
    witness_vkey = aics.init(FOREIGN)
    aics.add_log(ORIGIN, log.ledger.signing_keys[0].verifier_key.text())

    def ask() -> None:
        with aics.serving() as url:
            log.write_policy([PolicyWitness("foreign", parse_vkey(witness_vkey), url)], 1)
            log.close()
            log.clock.now = chance.now()
            log.round()

    ask()
    assert log.troubles() == {}
    for path in aics.folder.glob("witness.db*"):
        path.unlink()
    done = aics.run("aics_witness", "init", "-c", aics.config, "--new-database")
    assert done.stdout.strip() == witness_vkey, done.stderr
    log.shell.append(5)
    ask()
    assert log.troubles() == {"foreign": "lost_state"}
    assert log.served_size() == SIZE


@pytest.fixture
def ours(tmp_path: Path) -> Shell:
    """Return a folder with our witness."""
    shell = Shell(tmp_path)
    WitnessFolder(tmp_path / "witness").create(NAME, mldsa=False)
    return shell


def test_our_witness_cosigns_for_a_foreign_client_and_verifier(ours: Shell, aics: Aics) -> None:
    other = OtherLog()
    enrol(ours, [other.verifier_key])
    steps = [(0, 1), (1, 7), (7, 7), (7, 300)]
    files = []
    for n, (old, new) in enumerate(steps):
        proof = "\n".join(each.hex() for each in other.proof(old, new))
        path = aics.folder / f"step-{n}"
        text = f"{old}\n===\n{other.note(new).encode().decode()}\n===\n{proof}"
        path.write_text(text, "utf-8")
        files.append(path)
    with witnessing(ours) as served:
        vkey = served.key.text()
        state = aics.folder / "state.json"
        done = aics.python(FEEDER, served.url, vkey, state, *files)
        assert done.returncode == 0, done.stderr
        fresh = aics.python(FEEDER, served.url, vkey, aics.folder / "none.json", files[0])
        # It begins anew from size 0 and is told 300: beyond the checkpoint that it has.
        assert "WitnessAhead" in fresh.stderr
    for path, (_, new) in zip(files, steps, strict=True):
        cosigned = path.with_name(path.name + ".cosigned").read_bytes()
        assert parse_note(cosigned).text == other.note(new).text
        said = check_by_aics(aics, cosigned, other.verifier_key.text(), vkey)
        assert NAME in said


def run_go(program: Path, served: Served, key: SigningKey, *sizes: int) -> list[str]:
    done = subprocess.run(
        [program, served.url, served.key.text(), key.text(), *map(str, sizes)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_our_witness_cosigns_a_log_made_in_go(ours: Shell, go_log: Path) -> None:
    """golang.org/x/mod makes the tree, the proofs and the notes, and opens what comes back."""
    key = SigningKey("go.example.org/log", KeyType.ED25519, b"g" * 32)
    enrol(ours, [key.verifier_key])
    with witnessing(ours) as served:
        said = run_go(go_log, served, key, 1, 2, 7, 8, 255, 256, 1_000)
        assert said == [f"200 {NAME}"] * 7
        # Begun anew, it is told what the witness holds.
        assert run_go(go_log, served, key, 7) == ["409 1000"]
        unknown = SigningKey("go.example.org/else", KeyType.ED25519, b"h" * 32)
        assert run_go(go_log, served, unknown, 7)[0].startswith("404 ")
        stranger = SigningKey("go.example.org/log", KeyType.ED25519, b"s" * 32)
        assert run_go(go_log, served, stranger, 7)[0].startswith("403 ")
