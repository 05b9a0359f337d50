"""No text of a CSV file is run or changed, and each is read as it was written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.domain.sheets.inert import inert, is_live, uttered
from ledger.domain.sheets.xml_text import held, unheld

SIGNS = "=+-@=＋－＠\t\r\n0123456789Ee./:,%"
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(SIGNS + "' _x0041F5D")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://example.invalid")',
        "﹢1",
        "＋1",
        "－1",
        "＠x",
        "\t=1",
        "\r=1",
        "\ntext",
        "  =1",
        "\u3000=1",
        "\u200b=1",
        "110105180001010029",
        "0012",
        "01234567",
        "1E5",
        "12345E67",
        "12e-3",
        "3-4",
        "1/2",
        "2026-11",
        "2026/11/20",
        "1 1/2",
        "1.50",
        ".5",
        "1,234",
        "50%",
        "1:2:3",
        " 12",
        "12 ",
        "１２",
    ],
)
def test_what_a_program_would_run_or_change_is_marked(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert uttered(inert(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "王𠮷祥", "a=b", "'s", "2026-11-20", "3:00", "08:00", "13800000001", "0", "'"),
        *("C1234E567", "110101", "110101-2026-76402244-28", "3号楼", "...", "1e5f"),
    ],
)
def test_nothing_else_is_changed(text: str) -> None:
    assert inert(text) == uttered(text) == text


@given(TEXTS)
@example("'=1")
@example("''=1")
def test_every_text_comes_back(text: str) -> None:
    written = inert(text)
    assert uttered(written) == text
    assert not is_live(written)


@given(TEXTS | st.from_regex("(_x[0-9A-F]{4}_?|_){0,4}", fullmatch=True))
@example("_x005F_x0041_")
@example("_x000D_")
def test_a_workbook_holds_every_text(text: str) -> None:
    assert unheld(held(text)) == text
    assert unheld("_xD83D_") == "_xD83D_"  # half a character is none
    assert all(each in "\t\n" or each >= " " for each in held(text))
