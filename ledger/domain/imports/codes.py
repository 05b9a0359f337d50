"""Codes of imports: how a row differs from its paper, how a batch stands, what disagrees."""

from ledger.domain.codes import Coded


class RowDifference(Coded):
    """In what a record differs from the paper that it was copied from 与纸质不符之处 [P].

    Words about a person stand in no check: what is wrong is set right in the record itself.
    """

    NOT_ON_PAPER = "not_on_paper", "the paper has no such row", "纸上无此行"
    ANOTHER_PERSON = "another_person", "the paper names somebody else", "人员不符"
    ANOTHER_TIME = "another_time", "day, start or end are others", "时间不符"
    ANOTHER_CONTENT = "another_content", "content or evaluation are others", "内容或评价不符"
    NOT_LEGIBLE = "not_legible", "the paper cannot be read there", "无法辨认"


class Standing(Coded):
    """How a batch stands to its paper 批次状态."""

    ELECTRONIC = "electronic", "not copied from paper", "非纸质"
    AWAITS_SCAN = "awaits_scan", "no scan is attached yet", "待附扫描件"
    AWAITS_CHECK = "awaits_check", "not compared with its paper as it is now", "待核对"
    DIFFERS = "differs", "differs from its paper", "核对不符"
    AGREES = "agrees", "agrees with its paper", "核对相符"


class Discrepancy(Coded):
    """What does not agree between a file, its records, its paper and the head count 差异."""

    IMPORT_IS_UNFINISHED = "import_is_unfinished", "the import was cut off", "导入未完成"
    ROWS_ARE_REFUSED = "rows_are_refused", "rows of the file are no records", "有行未被接受"
    RECORDS_ARE_VOIDED = "records_are_voided", "records count no more", "有记录已作废"
    SCAN_IS_MISSING = "scan_is_missing", "no scan is attached", "缺少扫描件"
    PAPER_IS_NOT_CHECKED = "paper_is_not_checked", "nobody has compared it", "尚未核对"
    RECORDS_CHANGED_SINCE = (
        "records_changed_since",
        "records were entered after the check",
        "核对后有新录入",
    )
    RECORDS_DIFFER = "records_differ", "records differ from the paper", "记录与纸质不符"
    PAPER_SHOWS_MORE = "paper_shows_more", "the paper shows more rows", "纸上行数较多"
    PAPER_SHOWS_FEWER = "paper_shows_fewer", "the paper shows fewer rows", "纸上行数较少"
    HEAD_COUNT_DIFFERS = (
        "head_count_differs",
        "the head count is not the persons on the paper",
        "总人数与纸上人数不符",
    )
    HEAD_COUNT_IS_SHORT = (
        "head_count_is_short",
        "fewer are recorded than took part",
        "记录少于总人数",
    )
    HEAD_COUNT_IS_EXCEEDED = (
        "head_count_is_exceeded",
        "more are recorded than took part",
        "记录多于总人数",
    )
