"""Form of comparing a batch with the paper from which it was copied."""

from pydantic import Field

from ledger.application.forms.fields import Count, Flag, Form, Id
from ledger.domain.imports import DIFFERING_MAX, CheckImport, Differing, RowDifference

_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"


class DifferingForm(Form):
    """A record that is not as the paper says 不符的记录."""

    record: Id = Field(description="记录", examples=[_ID])
    difference: RowDifference = Field(description="不符之处", examples=["another_time"])


class CheckForm(Form):
    """What the paper shows 核对结果; every record that is not named is as the paper says."""

    agrees: Flag = Field(description="Nothing differs, and as many rows 是否相符")
    rows_on_paper: Count = Field(description="Counted on the scans 纸上行数", examples=[40])
    persons_on_paper: Count = Field(
        description="Different persons among them 纸上人数", examples=[38]
    )
    as_of: Count = Field(
        description="Size of the log as of which you read the records (`as_of` of the "
        "reconciliation): refused if one was entered since 读取记录时的条目数",
        examples=[1204],
    )
    differing: list[DifferingForm] = Field(
        [], description="不符的记录", max_length=DIFFERING_MAX
    )

    def command(self) -> CheckImport:
        """Return it as the domain decides upon it."""
        return CheckImport(
            agrees=self.agrees,
            rows_on_paper=self.rows_on_paper,
            persons_on_paper=self.persons_on_paper,
            as_of=self.as_of,
            differing=tuple(
                Differing(record=each.record, difference=each.difference)
                for each in self.differing
            ),
        )
