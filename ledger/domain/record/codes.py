"""Codes of a record: how far it has come, what is striking about it, why it is objected to."""

from ledger.domain.codes import Coded


class Stage(Coded):
    """How far a record has come; only a confirmed one counts."""

    SUBMITTED = "submitted", "submitted", "已提交"
    PUBLICIZED = "publicized", "in publicity", "公示"
    RETURNED = "returned", "returned", "已退回"
    HELD = "held", "confirmed, awaiting a second approval", "已确认,待复核"
    CONFIRMED = "confirmed", "confirmed", "已确认"
    VOIDED = "voided", "voided", "已作废"


class Signal(Coded):
    """What is striking about an entry, shown for good; most of it holds the entry.

    late: Order 67, Art. 11, which a truthful record that comes late does not fail; neither does
    one whose times were taken offline. The others answer known frauds [P]: they wait for the
    approval of a person of a body above.
    """

    LATE = "late", "entered late", "迟录"
    BACK_ENTRY = "back_entry", "back entry", "补录"
    VELOCITY = "velocity", "entered faster than anybody serves", "短时间大量录入"
    OVER_HEAD_COUNT = "over_head_count", "more volunteers than took part", "超出总人数"
    BEYOND_SIGN_IN = (
        "beyond_sign_in",
        "longer than she was signed in, or she never signed out",
        "超出签到签退时间",
    )
    SIGN_IN_AMENDED = "sign_in_amended", "rests on times that were amended", "补签"
    SIGN_IN_OFFLINE = "sign_in_offline", "rests on times taken without a connection", "离线签到"
    OVER_DAILY_CAP = "over_daily_cap", "more on one day than the daily limit", "超出单日上限"


class ObjectionKind(Coded):
    """What an objection says. The kinds are ours."""

    NOT_SERVED = "not_served", "it was not served", "未实际服务"
    WRONG_TIME = "wrong_time", "the times are wrong", "时间有误"
    WRONG_CONTENT = "wrong_content", "content or evaluation is wrong", "内容或评价有误"
    WRONG_PERSON = "wrong_person", "somebody else served", "服务人员有误"
    NO_VOLUNTEERING = "no_volunteering", "it is no volunteer service", "不属于志愿服务"
    OTHER = "other", "another objection", "其他"
