"""The first shape of an import's beginning: still read, never written any more.

It did not say on what the rows had been kept, nor who had keyed them: they count as electronic,
and as keyed by whoever imported them.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstImportBegun:
    """A file is being imported, in the first shape."""

    TYPE: ClassVar[str] = "import.begun"
    SHAPE: ClassVar[int] = 1

    id: UUID
    organization: UUID
    activity: UUID | None
    digest: str
    bytes: int
    format: str
