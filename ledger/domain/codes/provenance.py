"""Where an entry comes from: how it was entered, and what supports it."""

from enum import StrEnum

from ledger.domain.codes.coded import Coded


class Channel(Coded):
    """How a record came into the ledger 录入渠道: part of its provenance, always shown."""

    SIGNED_IN = "signed_in", "signed in and out on the spot", "签到"
    TYPED = "typed", "typed in by a recorder", "录入"
    IMPORTED = "imported", "imported from a file", "导入"
    API = "api", "sent by the organization's system", "接口"
    PAPER = "paper", "copied from paper", "纸质"


class Carrier(Coded):
    """On what a record was kept before it was entered 载体 (340号: paper and electronic)."""

    PAPER = "paper", "kept on paper", "纸质"
    ELECTRONIC = "electronic", "kept in a file or a system", "电子"


class EvidenceKind(Coded):
    """What supports a record 佐证; the kinds are practice (back entries ask for one)."""

    SIGN_IN_SHEET = "sign_in_sheet", "sign-in sheet", "签到表"
    STAMPED_ROLL = "stamped_roll", "stamped list of names", "盖章名册"
    PHOTO = "photo", "photograph", "照片"
    RECRUITMENT_NOTICE = "recruitment_notice", "notice of recruitment", "招募通知"
    PAPER_RECORD = "paper_record", "scanned paper record", "纸质记录扫描件"
    STATEMENT = "statement", "signed statement", "书面说明"
    OTHER = "other", "other evidence", "其他佐证"


SCAN_KINDS = frozenset(
    {EvidenceKind.SIGN_IN_SHEET, EvidenceKind.STAMPED_ROLL, EvidenceKind.PAPER_RECORD}
)
"""Kinds of evidence that show the paper from which records are copied 扫描件."""


class MediaType(StrEnum):
    """What a file of evidence may be (RFC 6838): shown by every browser, run by none."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


class Authority(Coded):
    """Which department supervises: the statutes name the first, OP24 the second as lead."""

    CIVIL_AFFAIRS = "civil_affairs", "civil affairs department", "民政部门"
    SOCIAL_WORK = "social_work", "social work department", "社会工作部门"


class ExcludedClass(Coded):
    """What is not volunteer service and is not recorded (Order 67, Art. 19).

    The article only forbids; the six classes are the national system's practice.
    """

    OWN_DUTY = "own_duty", "duties of one's own job in working hours", "工作时间内的本职工作"
    INTERNAL_DUTY = (
        "internal_duty",
        "internal duties required by one's unit or school",
        "单位或学校要求的内部事务",
    )
    OWN_INTEREST = "own_interest", "matters of one's own interest", "涉及本人利益的事务"
    UNCLEAR_PURPOSE = "unclear_purpose", "no clear public purpose", "公益目的不明确"
    PAID = "paid", "pay clearly above the usual allowance", "报酬明显高于一般补贴"
    NO_TIME_SERVED = (
        "no_time_served",
        "hours for gifts, forwarded posts or as a reward",
        "以捐赠、转发或奖励折算时长",
    )
