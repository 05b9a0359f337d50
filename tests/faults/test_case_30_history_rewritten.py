"""History is rewritten without a seam by who holds every key: people outside find it."""

import shutil

import pytest

from ledger.proof.canonical import Value
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import parse_note
from tests.faults.conftest import Shown
from tests.faults.insider import Insider, found_by, strangers_report
from tests.faults.outside import standing
from tests.faults.rewriting import rewrite_history
from tests.faults.scene import FOUND, POLICY, ROLLED_BACK, Scene
from tests.shell import ORIGIN

K = 7
HOW = (
    f"event {K} changed; every hash, head, checkpoint, seal, signature and register made to fit"
)


def grant(facts: dict[str, Value]) -> None:
    """Write other content into an event."""
    facts["state"] = "e31="


def keep(scene: Scene) -> None:
    """Let somebody keep a signed checkpoint and a receipt of the true history."""
    [*_, (_, size, note)] = Insider(scene).table("checkpoints")
    assert size == scene.before
    (scene.shell.folder / "old.checkpoint").write_bytes(note)
    assert scene.command("audit", "prove", K, "--out", "old.tlog-proof").returncode == 0


@pytest.mark.parametrize("kept", ["old.checkpoint", "old.tlog-proof"])
@pytest.mark.case(30, "history rewritten consistently, held against what others kept")
def test_a_kept_checkpoint_or_receipt_finds_it(scene: Scene, kept: str, shown: Shown) -> None:
    shown.by(f"{HOW}; then {kept} is held against it")
    keep(scene)
    rewrite_history(scene, K, grant)
    # Nothing inside can tell: this is a sound ledger, only another one.
    scene.sound()
    option = "--checkpoint" if kept == "old.checkpoint" else "--receipts"
    rows = Insider(scene).table("entries")
    told = scene.command("recover", option, kept)
    assert told.returncode == ROLLED_BACK
    old = parse_note((scene.shell.folder / "old.checkpoint").read_bytes()).text
    assert old in told.stderr
    assert told.stderr.count(f"{ORIGIN}\n{scene.before}\n") == 2  # both, as evidence
    assert Insider(scene).table("entries") == rows
    # The receipt itself stays valid: who holds it can prove what was there before.
    proof = strangers_report(scene, scene.shell.folder / "old.tlog-proof")
    assert proof.returncode == 0
    shown.saw(audit_alone="sound", with_what_was_kept=ROLLED_BACK)


@pytest.mark.case(
    30, "history rewritten consistently, an export held against a kept checkpoint"
)
def test_an_export_is_held_against_a_kept_checkpoint(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by(f"{HOW}; the old checkpoint is laid beside those of an export")
    scene = sqlite_scene
    keep(scene)
    rewrite_history(scene, K, grant)
    assert scene.command("audit", "export", "--facts", "export").returncode == 0
    export, trusted = scene.shell.folder / "export", scene.shell.folder / POLICY
    old = export / "checkpoints" / f"{scene.before}"
    shutil.copy(scene.shell.folder / "old.checkpoint", old)
    checked = scene.command("audit", "check", export, "--trust", trusted, "--json")
    stranger = strangers_report(scene, export)
    assert (checked.returncode, stranger.returncode) == (FOUND, FOUND)
    for each in (checked, stranger):
        assert {code for code, _ in found_by(each)} == {"checkpoint_inconsistent"}
    shown.saw(found=", ".join(checked.codes))


@pytest.mark.case(30, "history rewritten consistently, and a witness saw the true one")
def test_the_witness_finds_it(
    sqlite_scene: Scene, tmp_path_factory: pytest.TempPathFactory, shown: Shown
) -> None:
    shown.by(f"{HOW}; the service is started again")
    scene = sqlite_scene
    with standing(scene, tmp_path_factory.mktemp("outside")) as outside:
        outside.cosign(scene)
        Insider(scene).run("DELETE FROM cosignatures")
        rewrite_history(scene, K, grant)
        scene.sound()
        served = scene.command("serve", "--port", 0)
    assert served.returncode == ROLLED_BACK
    kept = sorted((scene.data_dir / "evidence").glob("*.note"))
    heads = [parse_checkpoint(parse_note(each.read_bytes()).text) for each in kept]
    assert [head.size for head in heads] == [scene.before, scene.before]
    assert heads[0].root != heads[1].root
    shown.saw(serve_exit=ROLLED_BACK, signed_heads_kept=len(kept))
