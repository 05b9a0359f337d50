"""Forms of signing in: names, passwords, invitations, and how a ledger begins."""

from uuid import UUID

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from ledger.application.forms.fields import Form, Id, Text
from ledger.application.founding import FoundingForm
from ledger.domain.access import Ground

_PASSWORD = Field(max_length=1_000, examples=["四个-随便-想到的-词语"])
_TOKEN = Field(max_length=200, examples=["the token of the invitation"])


class SignInForm(Form):
    """Name and password 登录."""

    name: Text = Field(examples=["wu.station"])
    password: SecretStr = _PASSWORD


class InvitationForm(Form):
    """Whom to invite 邀请: a staff person, a volunteer, or one who is both."""

    staff: Id | None = Field(None, description="工作人员")
    volunteer: Id | None = Field(None, description="志愿者", validate_default=True)
    appointed_by: Id | None = Field(
        None, description="In whose staff she is; left out, the caller's own 任职组织"
    )

    @field_validator("volunteer")
    @classmethod
    def _is_somebody(cls, volunteer: UUID | None, info: ValidationInfo) -> UUID | None:
        if volunteer is None and info.data.get("staff", "malformed") is None:
            raise PydanticCustomError("nobody", "a person is wanted")
        return volunteer


class AcceptanceForm(SignInForm):
    """Taking an invitation 接受邀请: its token, and what one will sign in with."""

    token: SecretStr = _TOKEN


class JoiningForm(Form):
    """Taking an invitation into the sign-in that one has 合并登录."""

    token: SecretStr = _TOKEN


class PasswordForm(Form):
    """Another password 更改密码."""

    old_password: SecretStr = _PASSWORD
    new_password: SecretStr = _PASSWORD


class ClosingForm(Form):
    """Why a sign-in is closed 关闭登录."""

    reason: Ground


class FirstSignInForm(Form):
    """How a ledger begins 启用账本: the token of its creation, the bureau, its first person."""

    token: SecretStr = _TOKEN
    name: Text = Field(description="To sign in with 登录名", examples=["zhao.bureau"])
    password: SecretStr = _PASSWORD
    bureau: FoundingForm
