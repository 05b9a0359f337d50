"""What folds make of entries, in memory: current rows, without any store."""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.projections.folding import fold
from ledger.projections.rows import Rows, Version
from ledger.projections.taken import Taken
from ledger.projections.tallying import settle
from ledger.projections.view import Key, Values, View
from ledger.projections.views import VIEWS
from tests.projections.histories import History


class PlainSecrets:
    """`Secrets` that hide nothing, so that a test sees what would be hidden."""

    def box(self, view: View, person: str, facts: Mapping[str, Any]) -> bytes | None:
        return repr((view.name, person, sorted(facts.items()))).encode()

    def token(self, kind: str, value: str) -> str:
        return f"{kind}={value}"


class Made:
    """Views in memory, entry by entry."""

    def __init__(self) -> None:
        self.rows = Rows(lambda _view, _keys: {})
        self.current: dict[View, dict[Key, Values]] = {view: {} for view in VIEWS}
        self.versions: dict[View, list[Version]] = {view: [] for view in VIEWS}

    def take(self, entry: Taken) -> None:
        """Take in the next entry."""
        fold(entry, self.rows, PlainSecrets())
        settle(self.rows)
        changed = self.rows.changed()
        for view, ended in changed.ended.items():
            for key, _, _ in ended:
                del self.current[view][key]
        for view, added in changed.added.items():
            self.versions[view] += added
            self.current[view].update({key: dict(values) for key, values, _, _ in added})
        self.rows.saved(entry.seq + 1)

    def take_all(self, entries: Iterable[Taken]) -> "Made":
        """Take in entries in their order."""
        for entry in entries:
            self.take(entry)
        return self

    def row(self, view: View, *key: str) -> Values:
        """Return a current row."""
        return self.current[view][key]


def made_of(history: History) -> Made:
    """Return what folds make of a history."""
    return Made().take_all(each.taken(seq) for seq, each in enumerate(history.told))
