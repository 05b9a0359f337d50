"""A code and what it is called: the value is stored, the labels are shown."""

from enum import StrEnum
from typing import Self


class Coded(StrEnum):
    """One code of a table; ``national`` is its code in the national system, where it has one.

    The national codes are read off the public front end of 全国志愿服务信息系统 (2022):
    practice, not law. Two of ours may share one of theirs.
    """

    english: str
    chinese: str
    national: str | None

    def __new__(
        cls, value: str, english: str = "", chinese: str = "", national: str | None = None
    ) -> Self:
        """Return the code with its labels; they may lack only where a value is looked up."""
        code = str.__new__(cls, value)
        code._value_ = value
        code.english = english
        code.chinese = chinese
        code.national = national
        return code
