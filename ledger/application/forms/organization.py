"""Forms of organizations: registered, amended, authorized, halted, succeeded, entrusted."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.application.forms.fields import Day, Digest, Form, Id, Text
from ledger.domain.codes import Authority, OrganizationCategory, ServiceCategory
from ledger.domain.organization.commands import (
    AmendOrganization,
    AuthorizeOrganization,
    GrantEntrustment,
    RegisterOrganization,
    ReinstateOrganization,
    RevokeEntrustment,
    RevokeOrganization,
    SucceedOrganization,
    SuspendOrganization,
)
from ledger.domain.organization.kinds import (
    Ground,
    LegalForm,
    OrganizationKind,
    SuccessionKind,
)
from ledger.domain.organization.particulars import ApprovingUnit, Document, Particulars

ITEMS_MAX = 50
AREAS_MAX = 500
"""Items of a list that is taken in at all; the domain's bounds are narrower."""
_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"

Reason = Annotated[Text, Field(description="Reason; it names nobody 理由(不得写明个人)")]


class ApprovingUnitForm(Form):
    """Who agreed to a group that is no legal person 同意成立的单位."""

    name: Text = Field(description="单位名称", examples=["多福巷社区居民委员会"])
    credit_code: Text | None = Field(None, description="统一社会信用代码")

    def unit(self) -> ApprovingUnit:
        """Return it as the domain has it."""
        return ApprovingUnit(name=self.name, credit_code=self.credit_code)


class DocumentForm(Form):
    """A paper that was shown: its title, and the digest of its file 证明材料."""

    title: Text = Field(description="名称", examples=["社会服务机构登记证书"])
    sha256: Digest = Field(description="文件摘要", examples=["cd" * 32])

    def document(self) -> Document:
        """Return it as the domain has it."""
        return Document(title=self.title, sha256=self.sha256)


class ParticularsForm(Form):
    """What is said of an organization 组织信息; all of it is public and kept for ever."""

    name: Text = Field(description="组织名称", examples=["东城区吉祥社区服务中心"])
    form: LegalForm = Field(description="Legal form 组织形式", examples=["legal_person"])
    category: OrganizationCategory = Field(
        description="Category 组织类别", examples=["social_service"]
    )
    authority: Authority | None = Field(
        None, description="Which department a bureau belongs to 所属部门(仅限主管部门)"
    )
    credit_code: Text | None = Field(
        None, description="统一社会信用代码", examples=["52110101MJ0000000N"]
    )
    approving_unit: ApprovingUnitForm | None = None
    registration_authority: Text | None = Field(
        None, description="登记管理机关", examples=["东城区民政局"]
    )
    telephone: Text | None = Field(
        None, description="Office telephone, no mobile 办公电话", examples=["010-00000002"]
    )

    def particulars(self) -> Particulars:
        """Return what is said as the domain has it."""
        unit = self.approving_unit
        return Particulars(
            name=self.name,
            form=self.form,
            category=self.category,
            authority=self.authority,
            credit_code=self.credit_code,
            approving_unit=None if unit is None else unit.unit(),
            registration_authority=self.registration_authority,
            telephone=self.telephone,
        )


class OrganizationForm(ParticularsForm):
    """A new organization 登记组织; it is in force once a bureau authorizes it."""

    kind: OrganizationKind = Field(description="Its place 组织层级", examples=["entrusted"])
    division: Text = Field(description="行政区划代码", examples=["110101"])
    parent: Id | None = Field(description="Whom it stands under 上级组织", examples=[_ID])

    def command(self, organization: UUID) -> RegisterOrganization:
        """Return the command that it stands for."""
        return RegisterOrganization(
            organization=organization,
            kind=self.kind,
            division=self.division,
            parent=self.parent,
            particulars=self.particulars(),
        )


class OrganizationAmendmentForm(ParticularsForm):
    """All particulars as they are from a day on 更正组织信息; what is left out is none."""

    effective_on: Day = Field(description="生效日期", examples=["2026-11-10"])
    reason: Reason = Field(examples=["更名,登记证书已换发。"])

    def command(self) -> AmendOrganization:
        """Return the command that it stands for."""
        return AmendOrganization(
            particulars=self.particulars(), effective_on=self.effective_on, reason=self.reason
        )


class AuthorizationForm(Form):
    """The decision by which an organization is put in force 授权."""

    reason: Reason = Field(examples=["东民社〔2026〕11号"])

    def command(self) -> AuthorizeOrganization:
        """Return the command that it stands for."""
        return AuthorizeOrganization(reason=self.reason)


class SuspensionForm(Form):
    """Why an organization is stopped, and by when it has to mend 暂停."""

    ground: Ground = Field(description="Ground 事由", examples=["unlawful_records"])
    reason: Reason = Field(examples=["抽查发现三条记录与实际活动不符,限期改正。"])
    rectify_by: Day | None = Field(None, description="整改期限", examples=["2026-12-31"])

    def command(self) -> SuspendOrganization:
        """Return the command that it stands for."""
        return SuspendOrganization(
            ground=self.ground, reason=self.reason, rectify_by=self.rectify_by
        )


class ReinstatementForm(Form):
    """Why a suspension ends 恢复."""

    reason: Reason = Field(examples=["整改完成,经复查合格。"])

    def command(self) -> ReinstateOrganization:
        """Return the command that it stands for."""
        return ReinstateOrganization(reason=self.reason)


class RevocationForm(Form):
    """Why an organization's authority is taken away 撤销授权."""

    ground: Ground = Field(description="Ground 事由", examples=["false_records"])
    reason: Reason = Field(examples=["伪造志愿服务记录。"])

    def command(self) -> RevokeOrganization:
        """Return the command that it stands for."""
        return RevokeOrganization(ground=self.ground, reason=self.reason)


class SuccessionForm(Form):
    """Who answers from now on for what an organization recorded 承接."""

    succession: SuccessionKind = Field(description="How it ended 方式", examples=["merged"])
    successors: list[Id] = Field(description="承接组织", max_length=ITEMS_MAX, examples=[[_ID]])
    effective_on: Day = Field(description="生效日期", examples=["2026-11-01"])
    evidence: list[DocumentForm] = Field(description="证明材料", max_length=ITEMS_MAX)
    reason: Reason = Field(examples=["社区合并。"])

    def command(self) -> SucceedOrganization:
        """Return the command that it stands for."""
        return SucceedOrganization(
            succession=self.succession,
            successors=tuple(self.successors),
            effective_on=self.effective_on,
            evidence=tuple(each.document() for each in self.evidence),
            reason=self.reason,
        )


class EntrustmentForm(Form):
    """What an organization may record, and on what qualification 委托 (pilot plan, 三(五))."""

    divisions: list[Text] = Field(
        description="Area 服务区域(行政区划代码)",
        max_length=AREAS_MAX,
        examples=[["110101001", "110101002"]],
    )
    categories: list[ServiceCategory] | None = Field(
        None,
        description="Categories; left out, all 服务类别(不填为全部)",
        max_length=ITEMS_MAX,
        examples=[["community", "teaching"]],
    )
    valid_from: Day = Field(description="First day 生效日期", examples=["2026-01-01"])
    valid_to: Day = Field(description="Last day 截止日期", examples=["2026-12-31"])
    qualification: list[DocumentForm] = Field(description="资质证明", max_length=ITEMS_MAX)

    def command(self, entrustment: UUID) -> GrantEntrustment:
        """Return the command that it stands for."""
        return GrantEntrustment(
            entrustment=entrustment,
            divisions=tuple(self.divisions),
            categories=None if self.categories is None else tuple(self.categories),
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            qualification=tuple(each.document() for each in self.qualification),
        )


class EntrustmentRevocationForm(Form):
    """Why an entrustment ends today 撤销委托."""

    reason: Reason = Field(examples=["资质证书已注销。"])

    def command(self, entrustment: UUID) -> RevokeEntrustment:
        """Return the command that it stands for."""
        return RevokeEntrustment(entrustment=entrustment, reason=self.reason)
