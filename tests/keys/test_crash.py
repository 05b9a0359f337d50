"""A rotation that is killed between any two steps is finished or taken back: one truth."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store.keyfiles import read_signing_key
from tests import forked
from tests.postgres.cluster import Cluster
from tests.shell import Shell

STEPS = ("key", "entry", "signature", "checkpoint", "policy", "retired", "switched")


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    """Return a ledger of four entries on either database."""
    shell = Shell(tmp_path)
    if request.param == "sqlite":
        shell.init()
        shell.append(3)
        yield shell
        return
    postgres: Cluster = request.getfixturevalue("postgres")
    with postgres.database() as url:
        shell.env = {"LEDGER_DATABASE_URL": url, "LEDGER_VAULT_URL": url}
        shell.init()
        shell.append(3)
        yield shell


def keys_of(shell: Shell) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(shell.run("keys", "list", "--json").stdout)
    assert listed.pop()["kind"] == "ES256"
    return listed


def report_of(shell: Shell) -> dict[str, object]:
    report: dict[str, object] = json.loads(shell.run("audit", "verify", "--json").stdout)
    return report


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_rotation_is_ended_by_the_next(ledger: Shell, step: str) -> None:
    before = read_signing_key(ledger.data_dir / "keys/log.key").verifier_key.text()
    done = forked.run(
        "tests.keys.killed",
        [step, "keys", "rotate"],
        cwd=ledger.folder,
        env=ledger.environment(),
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    pending = (ledger.data_dir / "keys/log.key.next").exists()
    assert pending == (step != "switched")
    # Nobody signs while it is open which key may.
    proof = ledger.run("audit", "prove", 0)
    assert proof.returncode == (2 if pending else 0)
    if pending:
        ended = ledger.run("keys", "rotate")
        assert ended.returncode == 0, ended.stderr
    first, second = keys_of(ledger)
    assert (first["key"], first["state"], first["until"]) == (before, "retired", 5)
    assert (second["state"], second["since"], second["until"]) == ("current", 5, None)
    assert not (ledger.data_dir / "keys/log.key.next").exists()
    ledger.append(2)
    report = report_of(ledger)
    assert (report["findings"], report["size"]) == ([], 7)
    named = (ledger.data_dir / "policy").read_text("utf-8")
    assert all(str(key["key"]) in named for key in (first, second))
