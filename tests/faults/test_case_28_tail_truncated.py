"""The tail is cut off under an old, truly sealed head: chain blind, register not."""

import json
from collections.abc import Callable

import pytest

from tests.api.service import serving
from tests.faults.appending import FAILED, Workload
from tests.faults.conftest import Shown
from tests.faults.insider import Insider, found_by, judge
from tests.faults.scene import FOUND, ROLLED_BACK, Scene
from tests.shell import ORIGIN

HOW = "DELETE of the newest rows, checkpoints and head; the head of before put back"


def cut_later(scene: Scene) -> Callable[[], None]:
    """Append 3 events; return what takes the database back, as far as the database goes."""
    insider = Insider(scene)
    put_back, size = insider.save_head(), scene.before
    assert scene.append(Workload(submissions=1)).wait() == 0

    def cut() -> None:
        insider.hand.run_all(
            [
                ("DELETE FROM entries WHERE seq >= ?", (size,)),
                ("DELETE FROM boxes WHERE seq >= ?", (size,)),
                ("DELETE FROM checkpoints WHERE size > ?", (size,)),
            ]
        )
        put_back()

    return cut


@pytest.mark.case(28, "tail truncated")
def test_a_truncated_tail_is_a_rollback(scene: Scene, shown: Shown) -> None:
    shown.by(HOW)
    cut_later(scene)()
    judged = judge(scene)
    assert judged.audit == {("checkpoint_inconsistent", scene.before)}
    assert judged.export == ROLLED_BACK
    served = scene.command("serve", "--port", 0)
    assert served.returncode == ROLLED_BACK
    size = scene.before
    for checkpoint in (f"{ORIGIN}\n{size + 3}\n", f"{ORIGIN}\n{size}\n"):
        assert checkpoint in served.stderr
    assert scene.append().wait() == FAILED
    assert set(scene.told().refused.values()) == {"RolledBackError"}
    assert scene.size() == size
    shown.saw(found=judged.codes(), serve_exit=ROLLED_BACK, appended=0)


@pytest.mark.case(28, "tail truncated, with the head register out of reach")
def test_the_chain_alone_is_blind(sqlite_scene: Scene, shown: Shown) -> None:
    shown.by(f"{HOW}; the audit runs without the register, then with it")
    scene = sqlite_scene
    cut_later(scene)()
    register = scene.data_dir / "head"
    aside = register.rename(register.with_name("aside"))
    blind = scene.command("audit", "verify", "--json")
    assert blind.returncode == 0
    assert found_by(blind) == set()
    unchecked = {each["code"] for each in json.loads(blind.stdout)["unchecked"]}
    assert "register_absent" in unchecked  # blind, and says so
    # Nor is anything signed or appended without it.
    assert scene.command("serve", "--port", 0).returncode == ROLLED_BACK
    assert scene.append(Workload(submissions=1)).wait() == FAILED
    aside.rename(register)
    seeing = scene.command("audit", "verify", "--json")
    assert seeing.returncode == FOUND
    shown.saw(chain_alone=blind.returncode, with_register=", ".join(seeing.codes))


@pytest.mark.case(28, "tail truncated under a running service")
def test_a_running_service_stops(scene: Scene, shown: Shown) -> None:
    shown.by(f"{HOW}, while `ledger serve` runs")
    cut = cut_later(scene)
    with serving(scene.shell) as service:
        assert service.get("/readyz").status_code == 200
        cut()
        ready = service.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (503, "rolled_back")
        assert service.metric("ledger_rolled_back") == 1
        assert service.metric("ledger_extendable") == 0
        assert service.get("/log/110000/checkpoint").status_code == 503
        assert scene.append(Workload(submissions=1)).wait() == FAILED
    assert set(scene.told().refused.values()) == {"RolledBackError"}
    assert scene.size() == scene.before
    shown.saw(readyz=ready.status_code, code=ready.json()["code"], appended=0)
