"""How an activity is planned: who is let in, what volunteers are given, where one signs in.

The tables are those of the national system's public front end (2022) under words of our own,
its codes beside them as ``national``; what it does not have is ours [P].
"""

from ledger.domain.codes.coded import Coded


class AdmissionMode(Coded):
    """Whom an activity takes 招募范围; the last mode recruits nobody, it enters the past."""

    PUBLIC = "public", "open to everybody", "公开", "1"
    NAMED_TEAMS = "named_teams", "for named teams", "指定队伍", "2"
    PASSWORD = "password", "by a password, without a check", "免审密码", "3"
    CLOSED = "closed", "not open", "不公开", "4"
    BACK_ENTRY = "back_entry", "time entered after the end", "时间补录", "5"


class Guarantee(Coded):
    """What volunteers are given 志愿者保障 (条例 Art. 17).

    The national table has codes 01 to 11 and 99, of which the names of 02 to 10 were not read:
    what we call so has no national code.
    """

    INSURANCE = "insurance", "insurance", "保险", "01"
    TRAINING = "training", "training", "培训"
    MEALS = "meals", "meals", "餐饮"
    TRANSPORT = "transport", "transport", "交通"
    EQUIPMENT = "equipment", "tools and protection", "物资与防护"
    CERTIFICATE = "certificate", "certificate", "证书", "11"
    OTHER = "other", "others", "其他", "99"


class SignKind(Coded):
    """What one does at a sign point 签到/退点."""

    SIGN_IN = "sign_in", "sign in", "签到", "1"
    SIGN_OUT = "sign_out", "sign out", "签退", "2"
    BOTH = "both", "sign in and out", "签到/退", "3"


class Datum(Coded):
    """By which system coordinates are measured 坐标系; the two differ by hundreds of metres."""

    WGS84 = "wgs84", "WGS-84, as satellites tell it", "WGS-84 坐标系"
    GCJ02 = "gcj02", "GCJ-02, as maps of China show it", "GCJ-02 坐标系"


class WithoutCoordinates(Coded):
    """Why a place has no coordinates 无坐标原因."""

    ONLINE = "online", "held online", "线上开展"
    SEVERAL_PLACES = "several_places", "several places, or on the way", "多处或流动开展"
    UNKNOWN = "unknown", "nobody knows any more", "已无从查考"


class Phase(Coded):
    """How far an activity is on a day 状态: it follows from its dates and is kept nowhere.

    What the national system has besides (待办, 待审, 暂停, 停用) has no counterpart here.
    """

    PLANNED = "planned", "planned", "未开始"
    RECRUITING = "recruiting", "recruiting", "招募中", "3"
    RECRUITED = "recruited", "recruited, not begun", "招募结束", "4"
    UNDER_WAY = "under_way", "under way", "进行中", "5"
    OVER = "over", "over", "已结项", "7"
    CANCELLED = "cancelled", "cancelled", "作废", "9"
    BACK_ENTRY = "back_entry", "entered after its end", "补录", "12"


class HeadCount(Coded):
    """How the head count stands to the different volunteers who are recorded 总人数核对."""

    OPEN = "open", "not all recorded yet", "尚在记录"
    AGREES = "agrees", "as many as are recorded", "相符"
    SHORT = "short", "fewer recorded than took part", "记录少于总人数"
    EXCEEDED = "exceeded", "more recorded than took part", "记录多于总人数"
