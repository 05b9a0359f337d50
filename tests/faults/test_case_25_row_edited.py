"""A row is edited by somebody with rights on the database: the audit names it."""

import pytest

from tests.audit.outsider import Refused
from tests.faults.conftest import Shown
from tests.faults.insider import Found, Insider, judge
from tests.faults.scene import Scene

SEQ = 7
HOW = "DROP TRIGGER in another process's SQLite, or `SET session_replication_role = replica`"
EDITS: dict[str, tuple[bytes, bytes, Found, Found]] = {
    # column: (old, new, what the auditor must find, what a stranger must find)
    "entry": (
        b'"v":1',
        b'"v":2',
        {("entry_not_canonical", SEQ), ("entry_wrong_prev", SEQ + 1)},
        {("entry_not_canonical", SEQ), ("entry_wrong_prev", SEQ + 1)},
    ),
    "plain": (
        b"e30=",
        b"e31=",
        {("facts_commitment", SEQ)},
        {("facts_commitment", SEQ)},
    ),
}


@pytest.mark.parametrize("column", EDITS)
@pytest.mark.case(25, "a row edited in the database")
def test_an_edited_row_is_named(scene: Scene, column: str, shown: Shown) -> None:
    shown.by(f"UPDATE entries SET {column}: {HOW}")
    old, new, auditor, stranger = EDITS[column]
    insider = Insider(scene)
    kept = insider.value(column, SEQ)
    assert kept.count(old) == 1
    edit = f"UPDATE entries SET {column} = ? WHERE seq = ?"
    lie = (edit, (kept.replace(old, new), SEQ))
    with pytest.raises(Refused, match="never changed"):
        insider.hand.run_all([lie], past_triggers=False)
    scene.sound()
    insider.hand.run_all([lie])
    judged = judge(scene)
    assert judged.audit >= auditor
    assert judged.stranger >= stranger
    assert judged.first_bad() == SEQ
    shown.saw(found=judged.codes(), first_bad_event=judged.first_bad())
    insider.run(edit, kept, SEQ)
    scene.sound()


@pytest.mark.case(25, "a column beside the facts edited")
def test_an_edited_column_beside_the_facts_is_named(scene: Scene, shown: Shown) -> None:
    shown.by(f"UPDATE entries SET topic: {HOW}")
    Insider(scene).run("UPDATE entries SET topic = 'other:Granted' WHERE seq = ?", SEQ)
    judged = judge(scene)
    assert judged.audit == {("facts_columns", SEQ)}
    assert judged.stranger == set()  # it is no part of the record, and not in an export
    assert judged.first_bad() == SEQ
    shown.saw(found=judged.codes(), first_bad_event=judged.first_bad())
