"""A migration that loses a row is refused and undone: all is hashed before and after."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

import ledger
from ledger.store.engine import connect
from tests.faults.appending import Workload
from tests.faults.conftest import Shown
from tests.faults.insider import Insider
from tests.faults.scene import CANNOT, Scene

SEQ = 7
PACKAGE = Path(ledger.__file__).parent
REVISION = '''\
"""A revision that does what nobody has noticed."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    """Add a column, and on the way lose a row or not."""
    op.add_column("entries", sa.Column("district", sa.Text))
{further}
'''
LIFT = {
    "sqlite": 'op.execute("DROP TRIGGER IF EXISTS entries_no_delete")',
    "postgresql": 'op.execute("ALTER TABLE entries DISABLE TRIGGER ALL")',
}


def newest_revision() -> str:
    """Return the number that the newest of the log's migrations has."""
    return max(path.name[:4] for path in (PACKAGE / "store/migrations/log").glob("0*.py"))


def with_next_release(scene: Scene, *statements: str) -> Scene:
    """Return the scene under a next release of the software, which has one migration more."""
    release = scene.shell.folder / "release"
    shutil.rmtree(release, ignore_errors=True)
    shutil.copytree(PACKAGE, release / "ledger")
    further = "\n".join(f"    {statement}" for statement in statements)
    text = REVISION.format(newest=newest_revision(), further=further)
    (release / "ledger/store/migrations/log/9999_next.py").write_text(text)
    return scene


def migrate(scene: Scene) -> tuple[int, str]:
    """Run that release's `ledger migrate`; return its exit code and what it said."""
    done = scene.shell.run("migrate", PYTHONPATH=str(scene.shell.folder / "release"))
    return done.returncode, done.stdout + done.stderr


def columns_and_revision(insider: Insider) -> tuple[set[str], str]:
    """Return which columns ``entries`` has, and the revision that the database is at."""
    engine = connect(insider.url)
    columns = {each["name"] for each in sa.inspect(engine).get_columns("entries")}
    with engine.connect() as connection:
        revision = connection.execute(sa.text("SELECT version_num FROM log_version")).scalar()
    engine.dispose()
    return columns, str(revision)


@pytest.mark.case(20, "a migration that drops a row")
def test_a_migration_that_drops_a_row_is_undone(scene: Scene, shown: Shown) -> None:
    shown.by("a planted alembic revision: add a column, DELETE one row; `ledger migrate`")
    insider = Insider(scene)
    before, tables = insider.table("entries"), columns_and_revision(insider)
    lift = LIFT["sqlite" if insider.hand.on_sqlite else "postgresql"]
    drop = f'op.execute("DELETE FROM entries WHERE seq = {SEQ}")'
    code, said = migrate(with_next_release(scene, lift, drop))
    assert code == CANNOT
    assert "entries" in said
    assert insider.table("entries") == before
    assert columns_and_revision(insider) == tables
    scene.sound()
    # The triggers that it had taken away stand again, and the log goes on.
    with pytest.raises(Exception, match="never changed"):
        insider.hand.run_all([("DELETE FROM entries", ())], past_triggers=False)
    assert scene.append(Workload(submissions=1)).wait() == 0
    # The same release without the loss is taken.
    code, said = migrate(with_next_release(scene))
    assert code == 0, said
    assert "district" in columns_and_revision(insider)[0]
    shown.saw(exit=CANNOT, rows_before=len(before), rows_after=len(before), undone=True)
