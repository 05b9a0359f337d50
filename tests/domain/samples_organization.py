"""One or more events of every kind that an organization has, and the people in them."""

from datetime import date
from uuid import UUID

from ledger.domain.codes import Authority, OrganizationCategory, ServiceCategory
from ledger.domain.event import Event
from ledger.domain.organization.credit_code_claims import (
    CreditCodeClaimed,
    CreditCodeReleased,
)
from ledger.domain.organization.events import (
    EntrustmentGranted,
    EntrustmentRevoked,
    OrganizationAmended,
    OrganizationAuthorized,
    OrganizationKeyAdded,
    OrganizationKeyRevoked,
    OrganizationRegistered,
    OrganizationReinstated,
    OrganizationRevoked,
    OrganizationSucceeded,
    OrganizationSuspended,
    StaffAmended,
    StaffAppointed,
    StaffReleased,
)
from ledger.domain.organization.kinds import (
    Ground,
    LegalForm,
    OrganizationKind,
    Role,
    SuccessionKind,
)
from ledger.domain.organization.particulars import ApprovingUnit, Document

CITY_BUREAU = UUID(int=0xC1)
DISTRICT_BUREAU = UUID(int=0xD1)
OTHER_DISTRICT_BUREAU = UUID(int=0xD2)
ASSOCIATION = UUID(int=0xA1)
STATION = UUID(int=0x51)
ENTRUSTED = UUID(int=0xE1)
ENTRUSTMENT = UUID(int=0xE2)
KEY = UUID(int=0x4E1)
PERSON = UUID(int=0xAB1)

PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
"""The first test vector of RFC 8032, section 7.1."""

DECISION = Document(title="合并决定书", sha256="ab" * 32)
LICENCE = Document(title="社会服务机构登记证书", sha256="cd" * 32)

CITY_BUREAU_REGISTERED = OrganizationRegistered(
    organization=CITY_BUREAU,
    kind=OrganizationKind.CITY_BUREAU,
    division="110000",
    parent=None,
    name="北京市民政局",
    form=LegalForm.LEGAL_PERSON,
    category=OrganizationCategory.GOVERNMENT,
    authority=Authority.CIVIL_AFFAIRS,
    credit_code="11110000000000000N",
    approving_unit=None,
    registration_authority=None,
    telephone="010-00000001",
    on_behalf_of=None,
)
CITY_BUREAU_AUTHORIZED = OrganizationAuthorized(reason=None, on_behalf_of=None)

DISTRICT_BUREAU_REGISTERED = OrganizationRegistered(
    organization=DISTRICT_BUREAU,
    kind=OrganizationKind.DISTRICT_BUREAU,
    division="110101",
    parent=CITY_BUREAU,
    name="东城区民政局",
    form=LegalForm.LEGAL_PERSON,
    category=OrganizationCategory.GOVERNMENT,
    authority=Authority.CIVIL_AFFAIRS,
    credit_code="11110101000000000A",
    approving_unit=None,
    registration_authority=None,
    telephone=None,
    on_behalf_of=CITY_BUREAU,
)
OTHER_DISTRICT_BUREAU_REGISTERED = OrganizationRegistered(
    organization=OTHER_DISTRICT_BUREAU,
    kind=OrganizationKind.DISTRICT_BUREAU,
    division="110105",
    parent=CITY_BUREAU,
    name="朝阳区民政局",
    form=LegalForm.LEGAL_PERSON,
    category=OrganizationCategory.GOVERNMENT,
    authority=Authority.CIVIL_AFFAIRS,
    credit_code="111101050000000004",
    approving_unit=None,
    registration_authority=None,
    telephone=None,
    on_behalf_of=CITY_BUREAU,
)
ASSOCIATION_REGISTERED = OrganizationRegistered(
    organization=ASSOCIATION,
    kind=OrganizationKind.ASSOCIATION,
    division="110101001",
    parent=DISTRICT_BUREAU,
    name="东华门街道社区志愿者协会",
    form=LegalForm.VOLUNTEER_ORGANIZATION,
    category=OrganizationCategory.SOCIAL_ASSOCIATION,
    authority=None,
    credit_code="511101015000000012",
    approving_unit=None,
    registration_authority="东城区民政局",
    telephone="010-00000002",
    on_behalf_of=DISTRICT_BUREAU,
)
STATION_REGISTERED = OrganizationRegistered(
    organization=STATION,
    kind=OrganizationKind.STATION,
    division="110101001001",
    parent=ASSOCIATION,
    name="多福巷社区志愿者服务站",
    form=LegalForm.GROUP,
    category=OrganizationCategory.RESIDENTS_COMMITTEE,
    authority=None,
    credit_code=None,
    approving_unit=ApprovingUnit(name="多福巷社区居民委员会", credit_code=None),
    registration_authority=None,
    telephone=None,
    on_behalf_of=ASSOCIATION,
)
ENTRUSTED_REGISTERED = OrganizationRegistered(
    organization=ENTRUSTED,
    kind=OrganizationKind.ENTRUSTED,
    division="110101",
    parent=DISTRICT_BUREAU,
    name="东城区𠮷祥社区服务中心",
    form=LegalForm.LEGAL_PERSON,
    category=OrganizationCategory.SOCIAL_SERVICE,
    authority=None,
    credit_code="52110101MJ0000000N",
    approving_unit=None,
    registration_authority="东城区民政局",
    telephone=None,
    on_behalf_of=DISTRICT_BUREAU,
)
AUTHORIZED = OrganizationAuthorized(reason="东民社〔2026〕11号", on_behalf_of=DISTRICT_BUREAU)
SUSPENDED = OrganizationSuspended(
    ground=Ground.UNLAWFUL_RECORDS,
    reason="抽查发现三条记录与实际活动不符,限期改正。",
    rectify_by=date(2026, 12, 31),
    on_behalf_of=DISTRICT_BUREAU,
)
REINSTATED = OrganizationReinstated(
    reason="整改完成,经复查合格。", on_behalf_of=DISTRICT_BUREAU
)
REVOKED = OrganizationRevoked(
    ground=Ground.FALSE_RECORDS, reason="伪造志愿服务记录。", on_behalf_of=DISTRICT_BUREAU
)
SUCCEEDED = OrganizationSucceeded(
    succession=SuccessionKind.MERGED,
    successors=(ASSOCIATION,),
    effective_on=date(2026, 11, 1),
    evidence=(DECISION,),
    reason="社区合并。",
    on_behalf_of=DISTRICT_BUREAU,
)
AMENDED = OrganizationAmended(
    name="东华门街道志愿服务协会",
    form=LegalForm.VOLUNTEER_ORGANIZATION,
    category=OrganizationCategory.SOCIAL_ASSOCIATION,
    authority=None,
    credit_code="511101015000000012",
    approving_unit=None,
    registration_authority="东城区民政局",
    telephone="010-00000002",
    effective_on=date(2026, 11, 10),
    reason="更名,登记证书已换发。",
    on_behalf_of=ASSOCIATION,
)
GRANTED = EntrustmentGranted(
    entrustment=ENTRUSTMENT,
    divisions=("110101001", "110101002"),
    categories=(ServiceCategory.COMMUNITY, ServiceCategory.TEACHING),
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    qualification=(LICENCE,),
    on_behalf_of=DISTRICT_BUREAU,
)
GRANTED_FOR_ALL = EntrustmentGranted(
    entrustment=UUID(int=0xE3),
    divisions=("110101",),
    categories=None,
    valid_from=date(2027, 1, 1),
    valid_to=date(2027, 12, 31),
    qualification=(LICENCE,),
    on_behalf_of=DISTRICT_BUREAU,
)
ENTRUSTMENT_REVOKED = EntrustmentRevoked(
    entrustment=ENTRUSTMENT, reason="资质证书已注销。", on_behalf_of=DISTRICT_BUREAU
)
KEY_ADDED = OrganizationKeyAdded(
    key=KEY,
    public_key=PUBLIC_KEY,
    label="志愿者管理系统",
    valid_to=date(2027, 11, 30),
    on_behalf_of=ENTRUSTED,
)
KEY_REVOKED = OrganizationKeyRevoked(
    key=KEY,
    exposed_since=date(2026, 11, 20),
    reason="服务器被入侵,私钥可能外泄。",
    on_behalf_of=ENTRUSTED,
)
APPOINTED = StaffAppointed(
    person=PERSON,
    roles=(Role.RECORDER, Role.CONTACT),
    from_day=date(2026, 11, 1),
    name="张𠮷",
    telephone="13800000000",
    on_behalf_of=DISTRICT_BUREAU,
)
STAFF_AMENDED = StaffAmended(
    person=PERSON, name="张𠮷祥", telephone=None, on_behalf_of=ASSOCIATION
)
RELEASED = StaffReleased(
    person=PERSON,
    roles=(Role.RECORDER,),
    from_day=date(2026, 12, 1),
    reason="调任其他岗位。",
    on_behalf_of=ASSOCIATION,
)
CODE_CLAIMED = CreditCodeClaimed(credit_code="52110101MJ0000000N", organization=ENTRUSTED)
CODE_RELEASED = CreditCodeReleased(credit_code="52110101MJ0000000N", organization=ENTRUSTED)

SAMPLES: tuple[Event, ...] = (
    STATION_REGISTERED,
    AUTHORIZED,
    CITY_BUREAU_REGISTERED,
    CITY_BUREAU_AUTHORIZED,
    DISTRICT_BUREAU_REGISTERED,
    ASSOCIATION_REGISTERED,
    ENTRUSTED_REGISTERED,
    SUSPENDED,
    REINSTATED,
    REVOKED,
    SUCCEEDED,
    AMENDED,
    GRANTED,
    GRANTED_FOR_ALL,
    ENTRUSTMENT_REVOKED,
    KEY_ADDED,
    KEY_REVOKED,
    APPOINTED,
    STAFF_AMENDED,
    RELEASED,
    CODE_CLAIMED,
    CODE_RELEASED,
)
