"""Forms of volunteers: registering, amending, confirming, corrections, consents, merging."""

from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from ledger.application.forms.fields import Day, Digest, Form, Id, Text
from ledger.application.forms.particulars import ChangesForm, OpenForm, ParticularsForm
from ledger.domain.codes import GuardianRelation, IdType
from ledger.domain.disclosed import DisclosurePurpose
from ledger.domain.identity import Ground
from ledger.domain.volunteer import (
    AmendVolunteer,
    ConfirmationMethod,
    ConfirmVolunteer,
    Consenter,
    Fact,
    GiveConsent,
    Guardian,
    NameGuardian,
    Particulars,
    Purpose,
    RegisterVolunteer,
    RequestCorrection,
    WithdrawConsent,
    WithdrawCorrection,
)

ITEMS_MAX = 50
_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"

Policy = Annotated[
    Digest,
    Field(
        description="SHA-256 of the notice or text 告知书或同意书文本摘要", examples=["ab" * 32]
    ),
]
Evidence = Annotated[
    Digest | None,
    Field(description="SHA-256 of the file that shows it 佐证文件摘要", examples=["cd" * 32]),
]
Reason = Annotated[Text, Field(description="Why 理由", examples=["录入时看错证件号码。"])]


class GuardianForm(Form):
    """Who speaks for a minor 监护人."""

    name: Text = Field(description="姓名", examples=["王㐂"])
    relation: GuardianRelation = Field(description="与志愿者关系", examples=["mother"])
    contact: Text = Field(description="联系方式", examples=["13800000003"])
    evidence: Evidence = None

    def command(self) -> NameGuardian:
        """Return the command."""
        guardian = Guardian(name=self.name, relation=self.relation, contact=self.contact)
        return NameGuardian(guardian=guardian, evidence=self.evidence)


class ConsentTerms(Form):
    """What is consented to, by whom, and what shows it 同意."""

    purpose: Purpose = Field(description="用途", examples=["entry_by_organization"])
    given_by: Consenter = Field(Consenter.VOLUNTEER, description="同意人")
    facts: list[Fact] = Field(
        [],
        description="The optional particulars that it covers 选填项目",
        max_length=ITEMS_MAX,
    )
    recipients: list[Text] = Field(
        [], description="To whom may be disclosed 接收方", max_length=ITEMS_MAX
    )
    given_on: Day | None = Field(
        None, description="When it was signed on paper; left out, today 签署日期"
    )
    evidence: Evidence = None

    def given(self, consent: UUID, policy: str) -> GiveConsent:
        """Return the command of a consent to a text."""
        return GiveConsent(
            consent=consent,
            purpose=self.purpose,
            policy=policy,
            given_by=self.given_by,
            facts=tuple(self.facts),
            recipients=tuple(self.recipients),
            given_on=self.given_on,
            evidence=self.evidence,
        )


class ConsentForm(ConsentTerms):
    """One consent 同意."""

    policy: Policy

    def command(self, consent: UUID) -> GiveConsent:
        """Return the command."""
        return self.given(consent, self.policy)


class IncludedConsentForm(ConsentTerms):
    """A consent that comes with a registration 随登记提交的同意."""

    policy: Digest | None = Field(
        None, description="SHA-256 of what was agreed to; left out, that of the notice 文本摘要"
    )

    def command(self, volunteer: UUID, notice: str) -> GiveConsent:
        """Return the command; a registration sent twice names one consent."""
        consent = uuid5(volunteer, f"consents/{self.purpose.value}")
        return self.given(consent, notice if self.policy is None else self.policy)


class RegistrationForm(OpenForm):
    """A new volunteer, with the consents and the guardian that it takes 志愿者登记."""

    particulars: ParticularsForm
    policy: Policy
    guardian: GuardianForm | None = Field(None, description="For minors 监护人(未成年人)")
    consents: list[IncludedConsentForm] = Field(
        [],
        description="同意",
        max_length=ITEMS_MAX,
        examples=[[{"purpose": "entry_by_organization", "evidence": "cd" * 32}]],
    )

    def command(self, volunteer: UUID, identity: UUID) -> RegisterVolunteer:
        """Return the command; ``identity`` is the stream of the ID number."""
        return RegisterVolunteer(
            volunteer=volunteer,
            identity=identity,
            particulars=self.particulars.particulars(),
            policy=self.policy,
            guardian=None if self.guardian is None else self.guardian.command(),
            consents=tuple(each.command(volunteer, self.policy) for each in self.consents),
            extras={**self.particulars.extras, **self.extras},
        )


class AmendmentForm(OpenForm):
    """Particulars that are to be others 更正志愿者信息."""

    changes: ChangesForm = Field(
        description="更正内容;未列出的项目保持不变",
        examples=[{"id_number": "110116180006300059", "birth_date": "1800-06-30"}],
    )
    reason: Reason
    evidence: Evidence = None
    answers: Id | None = Field(
        None, description="The request for correction that this answers 所答复的更正要求"
    )

    def command(self, particulars: Particulars, identity: UUID) -> AmendVolunteer:
        """Return the command; ``particulars`` are the changed ones."""
        return AmendVolunteer(
            identity=identity,
            particulars=particulars,
            reason=self.reason,
            evidence=self.evidence,
            answers=self.answers,
            extras={**self.changes.extras, **self.extras},
        )


class ConfirmationForm(Form):
    """How her real name was checked 实名确认."""

    method: ConfirmationMethod = Field(description="核对方式", examples=["document_seen"])
    evidence: Evidence = None

    def command(self) -> ConfirmVolunteer:
        """Return the command."""
        return ConfirmVolunteer(method=self.method, evidence=self.evidence)


class CorrectionForm(Form):
    """What she is asked to set right 要求更正 (Order 67, Art. 6)."""

    facts: list[Fact] = Field(
        description="有误或缺失的项目", max_length=ITEMS_MAX, examples=[["id_number"]]
    )
    explanation: Text = Field(description="说明", examples=["证件号码与证件不一致。"])

    def command(self, correction: UUID) -> RequestCorrection:
        """Return the command."""
        return RequestCorrection(
            correction=correction, facts=tuple(self.facts), explanation=self.explanation
        )


class CorrectionWithdrawalForm(Form):
    """Why a correction is not asked for any more 撤回更正要求."""

    reason: Reason

    def command(self, correction: UUID) -> WithdrawCorrection:
        """Return the command."""
        return WithdrawCorrection(correction=correction, reason=self.reason)


class ConsentWithdrawalForm(Form):
    """Which consent ends 撤回同意."""

    purpose: Purpose = Field(description="用途", examples=["disclosure"])
    withdrawn_by: Consenter = Field(Consenter.VOLUNTEER, description="撤回人")

    def command(self) -> WithdrawConsent:
        """Return the command."""
        return WithdrawConsent(purpose=self.purpose, withdrawn_by=self.withdrawn_by)


class GroundForm(Form):
    """Why two registrations are one person's, or are not, and what shows it."""

    reason: Reason
    evidence: Digest = Field(
        description="SHA-256 of the file that shows it 佐证文件摘要", examples=["cd" * 32]
    )

    def ground(self) -> Ground:
        """Return the ground."""
        return Ground(reason=self.reason, evidence=self.evidence)


class MergeForm(GroundForm):
    """Which registration stays 合并重复登记."""

    into: Id = Field(description="The registration that stays 保留的登记", examples=[_ID])


class SeparationForm(GroundForm):
    """Out of which registration it comes again 拆分误合并的登记."""

    out_of: Id = Field(description="Where it was merged into 原并入的登记", examples=[_ID])


class DisclosureForm(Form):
    """What somebody needs particulars in clear for 查看明文信息的用途."""

    purpose: DisclosurePurpose = Field(description="用途", examples=["identity"])


class SearchForm(Form):
    """By what volunteers are looked for, each exact 精确查找; what is left out counts not.

    An ID number is looked for with its kind.
    """

    name: Text | None = Field(None, description="姓名", examples=["王𠮷祥"])
    contact: Text | None = Field(None, description="联系方式")
    id_type: IdType | None = Field(None, description="证件类型")
    id_number: Text | None = Field(None, description="身份证件号码")
