"""Who somebody is: sex (GB/T 2261.1) and the document that says so."""

from collections.abc import Mapping

from ledger.domain.codes.coded import Coded


class Sex(Coded):
    """Sex as GB/T 2261.1 codes it; the national system knows only 1 and 2."""

    UNKNOWN = "0", "unknown", "未知的性别"
    MALE = "1", "male", "男", "1"
    FEMALE = "2", "female", "女", "2"
    UNSTATED = "9", "not stated", "未说明的性别"


class IdType(Coded):
    """The kind of identity document. There is no one agreed table, so this one is our own."""

    RESIDENT_ID = "resident_id", "resident identity card", "居民身份证", "01"
    RESIDENCE_PERMIT = (
        "residence_permit",
        "residence permit for Hong Kong, Macao and Taiwan residents",
        "港澳台居民居住证",
        "08",
    )
    HONG_KONG_ID = "hong_kong_id", "Hong Kong identity card", "香港居民身份证", "02"
    MACAO_ID = "macao_id", "Macao identity card", "澳门居民身份证", "03"
    TAIWAN_ID = "taiwan_id", "Taiwan identity card", "台湾居民身份证", "04"
    HONG_KONG_MACAO_PASS = (
        "hong_kong_macao_pass",
        "mainland travel permit for Hong Kong and Macao residents",
        "港澳居民来往内地通行证",
        "08",
    )
    TAIWAN_PASS = (
        "taiwan_pass",
        "mainland travel permit for Taiwan residents",
        "台湾居民来往大陆通行证",
        "08",
    )
    PASSPORT = "passport", "passport", "护照", "05"
    OFFICER = "officer", "military officer's card", "军官证", "06"
    SOLDIER = "soldier", "soldier's card", "士兵证", "07"
    OTHER = "other", "other document", "其他证件", "08"


class GuardianRelation(Coded):
    """What a guardian is to the volunteer; the finer codes of GB/T 4761 are not needed."""

    FATHER = "father", "father", "父亲"
    MOTHER = "mother", "mother", "母亲"
    OTHER_RELATIVE = "other_relative", "other relative", "其他亲属"
    OTHER_GUARDIAN = "other_guardian", "other guardian", "其他监护人"


GA_T_517: Mapping[IdType, str] = {
    IdType.RESIDENT_ID: "111",
    IdType.OFFICER: "114",
    IdType.PASSPORT: "414",
    IdType.TAIWAN_PASS: "511",
    IdType.HONG_KONG_MACAO_PASS: "516",
}
"""The codes of GA/T 517-2004, for those documents of which its code was read."""
