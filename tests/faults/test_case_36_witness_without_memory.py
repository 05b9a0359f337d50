"""A witness lost what it had cosigned: it never counts again, but under a new key."""

import shutil
from pathlib import Path

import pytest

from tests.api.service import Service, serving
from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.insider import Insider
from tests.faults.outside import Outside, ask, cosigned_size, make_witness, trust
from tests.faults.scene import Scene, wait_until
from tests.faults.test_case_35_witness_away import is_witnessed, names_of_trouble
from tests.witness.serving import witnessing

EVENTS = 3


@pytest.fixture
def scene(sqlite_scene: Scene) -> Scene:
    """Return a ledger that asks its witness often."""
    sqlite_scene.shell.env["LEDGER_WITNESS_INTERVAL_S"] = "0.05"
    sqlite_scene.shell.env["LEDGER_UNWITNESSED_MAX"] = str(EVENTS)
    return sqlite_scene


def forget(folder: Path) -> None:
    """Take away what a witness had cosigned, and leave its key."""
    [latest] = folder.glob("witness/logs/*/latest")
    latest.unlink()


def begin_again(folder: Path) -> None:
    """Put the witness's folder back as it was before it cosigned anything."""
    shutil.rmtree(folder / "witness")
    shutil.copytree(folder / "as-made", folder / "witness")


def does_not_count(scene: Scene, service: Service, trouble: str) -> None:
    """What it says is not kept, and the log stops at its bound."""
    size = scene.before
    assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == 0
    wait_until(lambda: names_of_trouble(service) == {trouble})
    assert scene.append(Workload(submissions=1)).wait() == FAILED
    assert set(scene.told().refused.values()) == {"UnwitnessedError"}
    assert cosigned_size(scene) == size


LOSSES = {"status": forget, "lost_state": begin_again}
"""What happens to the witness's folder, by the trouble that the ledger then names."""


@pytest.mark.parametrize("trouble", LOSSES)
@pytest.mark.case(36, "witness lost its memory")
def test_a_witness_without_memory_counts_only_under_a_new_key(
    scene: Scene,
    tmp_path_factory: pytest.TempPathFactory,
    trouble: str,
    shown: Shown,
) -> None:
    shown.by(
        f"`ledger witness serve` is stopped, its folder changed ({trouble}), started again"
    )
    old = tmp_path_factory.mktemp("outside")
    shell = make_witness(scene, old)
    with witnessing(shell) as served:
        shutil.copytree(old / "witness", old / "as-made")
        trust(scene, served.key, served.url)
        port = int(served.url.rpartition(":")[2])
        Outside(served).cosign(scene)
    LOSSES[trouble](old)
    with witnessing(shell, port):
        with serving(scene.shell) as service:
            does_not_count(scene, service, trouble)
        said = Insider(scene).table("cosignatures")
        for _ in range(2):  # nor after a restart, as often as it is asked
            ask(scene)
        assert scene.append(Workload(submissions=1)).wait() == FAILED
        assert Insider(scene).table("cosignatures") == said
    fresh = make_witness(scene, tmp_path_factory.mktemp("fresh"))
    with witnessing(fresh) as served:
        trust(scene, served.key, served.url)
        with serving(scene.shell) as service:
            is_witnessed(service, scene.before + EVENTS)
            assert scene.append(Workload(submissions=1, events=EVENTS)).wait() == 0
            is_witnessed(service, scene.before + 2 * EVENTS)
            assert names_of_trouble(service) == set()
    scene.sound()
    shown.saw(trouble=trouble, counted_under_old_key=0, counts_under_new_key=True)
