"""scripts/transcript tells a record's life, and everything was as it is told."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_ORDER = (
    "ledger init --origin",
    "organization_key.added",
    "0 accepted",
    "valid: proof transcript.ledger.invalid/log/110000",
    "The answer is the same, byte for byte",
    "record.publicized",
    "Shown to everybody: 王*, until 2026-11-27.",
    "→ 409  publicity_is_not_over",
    "→ 403  reviewer_is_recorder",
    "record.confirmed",
    "credit.entered",
    "→ 409  credit_overlaps",
    "amendment.proposed",
    "→ 409  reply_is_awaited",
    "amendment.replied",
    "amendment.accepted",
    "The history of the record",
    "by wang.volunteer",
    "service.end: 2026-11-20T04:00:00.000000Z → 2026-11-20T04:30:00.000000Z",
    "0.00 hours (0 minutes), before the confirmation",
    "2.50 hours (150 minutes), before the amendment",
    "3.00 hours (180 minutes), now",
    "nothing found",
    "Everything was as it is told.",
)


@pytest.mark.tool("faketime")
def test_every_step_is_told_in_its_order_and_the_audit_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "scripts/transcript", "--folder", "told"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    place = 0
    for line in IN_ORDER:
        found = done.stdout.find(line, place)
        assert found >= 0, f"{line}\n{done.stdout}"
        place = found + len(line)
    # Nothing of a person stands in what a stranger may read.
    assert not re.search("110105180001010029|13800000001", done.stdout)
    assert (tmp_path / "told" / "receipt" / "answer.json").exists()
