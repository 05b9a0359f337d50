"""One or more events of every kind that a volunteer and an identity have."""

from datetime import date
from uuid import UUID

from ledger.domain.codes import (
    Education,
    Employment,
    Ethnicity,
    GuardianRelation,
    IdType,
    PoliticalStatus,
    ServiceCategory,
    Sex,
    Skill,
)
from ledger.domain.disclosed import DisclosurePurpose, ProfileDisclosed
from ledger.domain.event import Event
from ledger.domain.identity.events import Cause, IdentityClaimed, IdentityReleased
from ledger.domain.volunteer.consent import Consenter, Purpose
from ledger.domain.volunteer.events import (
    ConsentGiven,
    ConsentWithdrawn,
    CorrectionRequested,
    CorrectionWithdrawn,
    GuardianNamed,
    VolunteerAbsorbed,
    VolunteerAmended,
    VolunteerConfirmed,
    VolunteerMerged,
    VolunteerRegistered,
    VolunteerRelinquished,
    VolunteerSeparated,
)
from ledger.domain.volunteer.particulars import Availability, ConfirmationMethod, Fact

VOLUNTEER = UUID(int=0x701)
OTHER = UUID(int=0x702)
IDENTITY = UUID(int=0x1D1)
OTHER_IDENTITY = UUID(int=0x1D2)
CONSENT = UUID(int=0xC01)
CORRECTION = UUID(int=0xC02)
STATION = UUID(int=0x51)
POLICY = "ab" * 32
EVIDENCE = "cd" * 32

REGISTERED = VolunteerRegistered(
    volunteer=VOLUNTEER,
    identity=IDENTITY,
    name="王𠮷祥",
    sex=Sex.FEMALE,
    birth_date=date(1800, 1, 1),
    id_type=IdType.RESIDENT_ID,
    id_number="110105180001010029",
    residence_area="110101001001",
    contact="13800000001",
    skills=(Skill.FIRST_AID, Skill.DRIVING),
    service_categories=(ServiceCategory.COMMUNITY,),
    volunteer_number=None,
    ethnicity=None,
    political_status=None,
    education=None,
    employment=None,
    work_unit=None,
    availability=(),
    policy=POLICY,
    on_behalf_of=STATION,
)
REGISTERED_BY_HERSELF = VolunteerRegistered(
    volunteer=OTHER,
    identity=OTHER_IDENTITY,
    name="阿依古丽·麦麦提",
    sex=Sex.UNSTATED,
    birth_date=date(1800, 6, 30),
    id_type=IdType.PASSPORT,
    id_number="E00000000",
    residence_area="110116",
    contact="+8613800000002",
    skills=(Skill.OTHER,),
    service_categories=(ServiceCategory.CULTURE, ServiceCategory.TOURISM),
    volunteer_number="110116000000000001",
    ethnicity=Ethnicity.UYGUR,
    political_status=PoliticalStatus.NONE,
    education=Education.UNDERGRADUATE,
    employment=Employment.STUDENT,
    work_unit="首都𫍯大学",
    availability=(Availability.SATURDAY_MORNING, Availability.HOLIDAY_EVENING),
    policy=POLICY,
    on_behalf_of=None,
)
AMENDED = VolunteerAmended(
    volunteer=VOLUNTEER,
    identity=OTHER_IDENTITY,
    name="王𠮷祥",
    sex=Sex.FEMALE,
    birth_date=date(1800, 6, 30),
    id_type=IdType.RESIDENT_ID,
    id_number="110116180006300059",
    residence_area="110101001001",
    contact="13800000001",
    skills=(Skill.FIRST_AID, Skill.DRIVING),
    service_categories=(ServiceCategory.COMMUNITY,),
    volunteer_number=None,
    ethnicity=None,
    political_status=None,
    education=None,
    employment=None,
    work_unit=None,
    availability=(),
    changed=(Fact.BIRTH_DATE, Fact.ID_NUMBER),
    reason="录入时看错证件号码。",
    evidence=EVIDENCE,
    answers=CORRECTION,
    on_behalf_of=STATION,
)
CONFIRMED = VolunteerConfirmed(
    volunteer=VOLUNTEER,
    method=ConfirmationMethod.DOCUMENT_SEEN,
    evidence=None,
    on_behalf_of=STATION,
)
CORRECTION_REQUESTED = CorrectionRequested(
    volunteer=VOLUNTEER,
    correction=CORRECTION,
    facts=(Fact.ID_NUMBER,),
    explanation="证件号码与证件不一致。",
    on_behalf_of=STATION,
)
CORRECTION_WITHDRAWN = CorrectionWithdrawn(
    volunteer=VOLUNTEER, correction=CORRECTION, reason="核对后无误。", on_behalf_of=STATION
)
GUARDIAN_NAMED = GuardianNamed(
    volunteer=VOLUNTEER,
    name="王㐂",
    relation=GuardianRelation.MOTHER,
    contact="13800000003",
    evidence=EVIDENCE,
    on_behalf_of=STATION,
)
CONSENT_GIVEN = ConsentGiven(
    volunteer=VOLUNTEER,
    consent=CONSENT,
    purpose=Purpose.ENTRY_BY_ORGANIZATION,
    facts=(),
    recipients=(),
    policy=POLICY,
    given_by=Consenter.VOLUNTEER,
    given_on=date(2026, 10, 20),
    evidence=EVIDENCE,
    on_behalf_of=STATION,
)
DISCLOSURE_CONSENTED = ConsentGiven(
    volunteer=VOLUNTEER,
    consent=UUID(int=0xC03),
    purpose=Purpose.DISCLOSURE,
    facts=(),
    recipients=("首都𫍯大学",),
    policy=POLICY,
    given_by=Consenter.VOLUNTEER,
    given_on=date(2026, 10, 20),
    evidence=None,
    on_behalf_of=None,
)
OPTIONAL_CONSENTED = ConsentGiven(
    volunteer=VOLUNTEER,
    consent=UUID(int=0xC04),
    purpose=Purpose.OPTIONAL_FACTS,
    facts=(Fact.EDUCATION, Fact.WORK_UNIT),
    recipients=(),
    policy=POLICY,
    given_by=Consenter.GUARDIAN,
    given_on=date(2026, 10, 20),
    evidence=EVIDENCE,
    on_behalf_of=STATION,
)
CONSENT_WITHDRAWN = ConsentWithdrawn(
    volunteer=VOLUNTEER,
    consent=CONSENT,
    purpose=Purpose.ENTRY_BY_ORGANIZATION,
    withdrawn_by=Consenter.VOLUNTEER,
    on_behalf_of=None,
)
MERGED = VolunteerMerged(
    volunteer=VOLUNTEER,
    into=OTHER,
    reason="同一人先后以身份证和护照登记。",
    evidence=EVIDENCE,
    on_behalf_of=STATION,
)
SEPARATED = VolunteerSeparated(
    volunteer=VOLUNTEER,
    out_of=OTHER,
    reason="经核实为两人。",
    evidence=EVIDENCE,
    on_behalf_of=STATION,
)
ABSORBED = VolunteerAbsorbed(volunteer=OTHER, source=VOLUNTEER, on_behalf_of=STATION)
RELINQUISHED = VolunteerRelinquished(volunteer=OTHER, source=VOLUNTEER, on_behalf_of=STATION)
CLAIMED = IdentityClaimed(identity=IDENTITY, volunteer=VOLUNTEER, cause=Cause.REGISTERED)
RELEASED = IdentityReleased(identity=IDENTITY, volunteer=VOLUNTEER, cause=Cause.AMENDED)
DISCLOSED = ProfileDisclosed(
    volunteer=VOLUNTEER, purpose=DisclosurePurpose.IDENTITY, on_behalf_of=STATION
)

SAMPLES: tuple[Event, ...] = (
    REGISTERED_BY_HERSELF,
    REGISTERED,
    AMENDED,
    CONFIRMED,
    CORRECTION_REQUESTED,
    CORRECTION_WITHDRAWN,
    GUARDIAN_NAMED,
    DISCLOSURE_CONSENTED,
    CONSENT_GIVEN,
    OPTIONAL_CONSENTED,
    CONSENT_WITHDRAWN,
    MERGED,
    SEPARATED,
    ABSORBED,
    RELINQUISHED,
    CLAIMED,
    RELEASED,
    DISCLOSED,
)
