"""Kinds of organizations, the hierarchy they stand in, and the roles that each kind has.

    city bureau 市民政局
    └─ district bureau 区民政局
       └─ association 社区志愿者协会, of a street or township
          └─ station 社区志愿者服务站, of a community
    └─ entrusted organization 受托组织, below the city bureau or a district bureau

After the pilot plan 京民社区发〔2013〕99号, 三(四) and 三(五). Who may register, authorize and
suspend whom is our proposal [P] on top of it.
"""

from collections.abc import Mapping

from ledger.domain.codes.coded import Coded


class OrganizationKind(Coded):
    """The place of an organization in the hierarchy (pilot plan 三(四), 三(五))."""

    CITY_BUREAU = "city_bureau", "city bureau", "市局"
    DISTRICT_BUREAU = "district_bureau", "district bureau", "区局"
    ASSOCIATION = "association", "association of a street or township", "街道(乡镇)协会"
    STATION = "station", "station of a community", "社区服务站"
    ENTRUSTED = "entrusted", "entrusted organization", "受托组织"


class LegalForm(Coded):
    """What an organization is at law (Order 67, articles 2 and 26; national codes)."""

    VOLUNTEER_ORGANIZATION = (
        "volunteer_organization",
        "volunteer service organization",
        "志愿服务组织",
        "2",
    )
    LEGAL_PERSON = (
        "legal_person",
        "other legal person that runs volunteer service",
        "其他开展志愿服务的法人组织",
        "3",
    )
    GROUP = "group", "volunteer group that is not registered", "志愿服务团体(未登记)", "1"


class Role(Coded):
    """What a person is appointed to in an organization (340号, article 4; 149号)."""

    RECORDER = "recorder", "recorder", "记录人"
    REVIEWER = "reviewer", "reviewer", "审核人"
    RESPONSIBLE = "responsible", "responsible person", "负责人"
    HANDLER = "handler", "handler", "经办人"
    SUPERVISOR = "supervisor", "supervisor", "监督人"
    CONTACT = "contact", "contact person", "联系人"


class Status(Coded):
    """How an organization stands; only an authorized one is in force."""

    REGISTERED = "registered", "registered, not authorized yet", "已登记,待授权"
    AUTHORIZED = "authorized", "authorized", "已授权"
    SUSPENDED = "suspended", "suspended", "已暂停"
    REVOKED = "revoked", "authority revoked", "已撤销授权"
    SUCCEEDED = "succeeded", "succeeded by another organization", "已由其他组织承接"


class Ground(Coded):
    """Why an organization is suspended or revoked.

    disclosure: 条例 article 36 (Order 67, article 23). unlawful_records: 条例 article 38
    (Order 67, article 24). false_records: 北京市志愿服务促进条例, articles 28(4) and 49.
    profit: Order 67, article 25. obstruction: Order 67, article 22. The others are ours [P].
    """

    DISCLOSURE = "disclosure", "disclosure of volunteers' information", "泄露志愿者信息"
    UNLAWFUL_RECORDS = "unlawful_records", "unlawful records or proofs", "违法记录或出具证明"
    FALSE_RECORDS = "false_records", "forged records or false proofs", "伪造记录或出具虚假证明"
    PROFIT = "profit", "profit from records or proofs", "利用记录或证明牟利"
    OBSTRUCTION = "obstruction", "obstruction of an inspection", "妨碍检查"
    OWN_REQUEST = "own_request", "the organization's own request", "本组织申请"
    OTHER = "other", "another ground", "其他"


class SuccessionKind(Coded):
    """How an organization came to its end (149号)."""

    MERGED = "merged", "merged into another", "合并"
    SPLIT = "split", "split into several", "分立"
    DISSOLVED = "dissolved", "dissolved", "解散"


BUREAUS = frozenset({OrganizationKind.CITY_BUREAU, OrganizationKind.DISTRICT_BUREAU})

PARENTS: Mapping[OrganizationKind, frozenset[OrganizationKind]] = {
    OrganizationKind.CITY_BUREAU: frozenset(),
    OrganizationKind.DISTRICT_BUREAU: frozenset({OrganizationKind.CITY_BUREAU}),
    OrganizationKind.ASSOCIATION: frozenset({OrganizationKind.DISTRICT_BUREAU}),
    OrganizationKind.STATION: frozenset({OrganizationKind.ASSOCIATION}),
    OrganizationKind.ENTRUSTED: BUREAUS,
}
"""Kind → the kinds of its parent; the city bureau has none."""

MAY_BE_ENTRUSTED = frozenset({OrganizationKind.ENTRUSTED, OrganizationKind.ASSOCIATION})
"""Pilot plan 三(五): associations, leagues, and those that the district recognizes."""

_NOT_AT: Mapping[Role, frozenset[OrganizationKind]] = {
    # A bureau supervises records; what it supervises it does not enter [P].
    Role.RECORDER: BUREAUS,
    # Who has nobody below supervises nobody.
    Role.SUPERVISOR: frozenset({OrganizationKind.STATION, OrganizationKind.ENTRUSTED}),
}


def has_such_role(kind: OrganizationKind, role: Role) -> bool:
    """Return whether organizations of this kind appoint persons to this role."""
    return kind not in _NOT_AT.get(role, frozenset())
