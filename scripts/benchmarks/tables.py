"""Tables in Markdown: figures with their spread, goals with whether they were met."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.rounds import Spread

GRACE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a ratio; one of the two is given."""

    at_least: float | None = None
    at_most: float | None = None

    def verdict(self, found: float) -> str:
        """Return the goal and whether the figure meets it, as it stands in the table."""
        if self.at_least is not None:
            met, text = found >= self.at_least, f"≥ {self.at_least:g}"
        else:
            bound = self.at_most if self.at_most is not None else float("inf")
            met, text = found <= bound, f"≤ {bound:g}"
        return f"{text}: {'met' if met else '**missed**'}"


@dataclass(slots=True)
class Table:
    """One table with a heading; rows are added as they are measured."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Add a row with a cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns")
        self.rows.append(cells)

    def text(self) -> str:
        """Return the table with its heading and notes."""
        lines = [
            f"## {self.title}",
            "",
            _line(self.columns),
            _line(["---"] * len(self.columns)),
        ]
        lines += [_line(row) for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines) + "\n"


def ratio(spread: Spread) -> str:
    """Return a ratio with the smallest and the largest of its turns."""
    return f"{spread.median:.2f} ({spread.low:.2f}–{spread.high:.2f})"


def rate(spread: Spread) -> str:
    """Return a rate a second."""
    return f"{spread.median:,.0f}"


def milliseconds(spread: Spread) -> str:
    """Return a time, given in seconds, in milliseconds."""
    return f"{spread.median * 1e3:.2f} ({spread.low * 1e3:.2f}–{spread.high * 1e3:.2f})"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
