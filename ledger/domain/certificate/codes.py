"""Codes of a certificate 证明: how it is issued, how far it has come, why it is taken back."""

from ledger.domain.codes import Coded


class IssueMode(Coded):
    """How a certificate is handed over 出具方式.

    149号 makes seal and signatures part of issuing; Order 67, Art. 14 and 15, lets a volunteer
    print her own and asks for a seal on her request: both are there.
    """

    SELF_PRINTED = "self_printed", "printed by the volunteer, not sealed", "自行打印,未加盖公章"
    SEALED = "sealed", "signed by two persons, to be sealed", "经办人、负责人签署,加盖公章"


class FaceLanguage(Coded):
    """In which languages a certificate is printed: always in Chinese, in English on request."""

    CHINESE = "zh", "Chinese", "中文"
    BOTH = "zh_en", "Chinese and English", "中英文"


class Stage(Coded):
    """How far a certificate has come: 申请, 受理, 开具 (149号), and what may follow."""

    REQUESTED = "requested", "requested", "已申请"
    ACCEPTED = "accepted", "accepted", "已受理"
    DECLINED = "declined", "declined", "不予出具"
    ISSUED = "issued", "issued", "已出具"
    SUPERSEDED = "superseded", "superseded by another one", "已被新证明替代"
    REVOKED = "revoked", "revoked", "已撤销"


class DeclineGround(Coded):
    """Why no certificate is issued 不予出具的原因; the grounds are ours [P]."""

    NOT_OURS = "not_ours", "another organization recorded it", "非本组织记录"
    IDENTITY_IN_DOUBT = "identity_in_doubt", "who asks is in doubt", "申请人身份存疑"
    RECORDS_IN_DOUBT = "records_in_doubt", "records are being looked into", "记录正在核查"
    WITHDRAWN = "withdrawn", "the volunteer withdrew her request", "志愿者撤回申请"
    OTHER = "other", "another reason", "其他"


class RevocationGround(Coded):
    """Why a certificate is taken back 撤销的原因 (Order 67, Art. 17, 24; the list is ours)."""

    FALSE_RECORDS = "false_records", "it rests on false records", "所依据的记录不真实"
    WRONG_PERSON = "wrong_person", "it names another person", "人员有误"
    ISSUED_IN_ERROR = "issued_in_error", "it was issued in error", "出具有误"
    UNLAWFUL = "unlawful", "it was issued against the law", "违法出具"
