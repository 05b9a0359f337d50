"""Two clocks, one ahead and one behind: times never decrease, no signature is older."""

import base64
import math
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.conftest import Shown
from tests.faults.scene import PATIENCE_S, Scene, found_scene
from tests.faults.shims import clock

SUBMISSIONS = 25


def append_apart(scene: Scene) -> None:
    """Let two processes append at once, an hour ahead and an hour behind."""
    running = [scene.append_under(each, submissions=SUBMISSIONS) for each in ("+1h", "-1h")]
    assert [each.wait(PATIENCE_S) for each in running] == [0, 0]


def timestamps(checkpoint: bytes) -> list[int]:
    """Return when each cosignature of a note says it was made (C2SP tlog-cosignature)."""
    lines = [line for line in checkpoint.decode().splitlines() if line.startswith("— ")]
    signatures = [base64.b64decode(line.split(" ")[2]) for line in lines]
    # A key id, then for a cosignature the time; an Ed25519 signature has neither more nor time.
    return [int.from_bytes(each[4:12], "big") for each in signatures if len(each) > 4 + 64]


@pytest.mark.tool("faketime")
@pytest.mark.case(23, "two processes with clocks two hours apart")
def test_clocks_apart_never_let_a_time_decrease(scene: Scene, shown: Shown) -> None:
    shown.by("libfaketime +1 h and −1 h around two processes that append at once")
    append_apart(scene)
    times = [row.time for row in scene.rows()]
    assert times == sorted(times)
    figures = scene.check()  # the head's time is the last entry's, or the audit finds it
    assert figures["acknowledged"] == 2 * SUBMISSIONS
    shown.saw(**figures, times_that_decrease=0)


@pytest.mark.tool("faketime")
@pytest.mark.case(23, "a signer whose clock is behind that of the entries")
def test_no_signature_is_dated_before_what_it_signs(tmp_path: Path, shown: Shown) -> None:
    shown.by("libfaketime +1 h around the appending process, −1 h around the signing one")
    scene = found_scene(tmp_path, mldsa=True)
    append_apart(scene)
    signed = scene.shell.run("audit", "export", "out", **clock("-1h"))
    assert signed.returncode == 0, signed.stderr
    newest = datetime.fromisoformat(scene.rows()[-1].time).timestamp()
    made = timestamps((tmp_path / "out" / "checkpoint").read_bytes())
    assert len(made) == 1
    assert made[0] >= math.floor(newest)
    shown.saw(**scene.check(), signature_after_newest_entry_s=made[0] - math.floor(newest))
