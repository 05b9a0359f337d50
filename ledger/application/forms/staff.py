"""Forms of what an organization acts by: its signing keys, and its people with their roles."""

from uuid import UUID

from pydantic import Field

from ledger.application.forms.fields import Day, Digest, Form, Id, Text
from ledger.application.forms.organization import ITEMS_MAX, Reason
from ledger.domain.organization.commands import (
    AddOrganizationKey,
    AmendStaff,
    AppointStaff,
    ReleaseStaff,
    RevokeOrganizationKey,
)
from ledger.domain.organization.kinds import Role

_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"


class KeyForm(Form):
    """A public key with which an organization's own system will sign 密钥."""

    public_key: Digest = Field(
        description="Ed25519, 64 hex digits 公钥",
        examples=["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
    )
    label: Text = Field(description="用途说明", examples=["志愿者管理系统"])
    valid_to: Day | None = Field(None, description="Last day 有效期至", examples=["2027-11-30"])

    def command(self, key: UUID) -> AddOrganizationKey:
        """Return the command that it stands for."""
        return AddOrganizationKey(
            key=key, public_key=self.public_key, label=self.label, valid_to=self.valid_to
        )


class KeyRevocationForm(Form):
    """Why a key signs no more, and since when others may have it 撤销密钥."""

    exposed_since: Day | None = Field(
        None, description="Since when others may have it 可能外泄日期", examples=["2026-11-20"]
    )
    reason: Reason = Field(examples=["服务器被入侵,私钥可能外泄。"])

    def command(self, key: UUID) -> RevokeOrganizationKey:
        """Return the command that it stands for."""
        return RevokeOrganizationKey(
            key=key, exposed_since=self.exposed_since, reason=self.reason
        )


class ContactForm(Form):
    """How a person of the staff is called and reached 工作人员."""

    name: Text = Field(description="姓名", examples=["张示例"])
    telephone: Text | None = Field(None, description="联系电话", examples=["13800000000"])

    def command(self, person: UUID) -> AmendStaff:
        """Return the command by which she is called so."""
        return AmendStaff(person=person, name=self.name, telephone=self.telephone)


class AppointmentForm(Form):
    """Roles of a person from a day on 任命; a new person gets an id of her own."""

    person: Id | None = Field(
        None, description="Who; left out, a new person 人员(新人员不填)", examples=[_ID]
    )
    roles: list[Role] = Field(
        description="Roles 角色", max_length=ITEMS_MAX, examples=[["recorder", "contact"]]
    )
    from_day: Day = Field(description="First day 起始日期", examples=["2026-12-01"])
    name: Text = Field(description="姓名", examples=["张示例"])
    telephone: Text | None = Field(None, description="联系电话", examples=["13800000000"])

    def command(self, person: UUID) -> AppointStaff:
        """Return the command that it stands for."""
        return AppointStaff(
            person=person,
            roles=tuple(self.roles),
            from_day=self.from_day,
            name=self.name,
            telephone=self.telephone,
        )


class ReleaseForm(Form):
    """Roles that a person has no more 免去."""

    roles: list[Role] = Field(
        description="Roles 角色", max_length=ITEMS_MAX, examples=[["recorder"]]
    )
    from_day: Day = Field(description="First day without 自何日起", examples=["2026-12-01"])
    reason: Text = Field(description="Reason 理由", examples=["调任其他岗位。"])

    def command(self, person: UUID) -> ReleaseStaff:
        """Return the command that it stands for."""
        return ReleaseStaff(
            person=person,
            roles=tuple(self.roles),
            from_day=self.from_day,
            reason=self.reason,
        )
