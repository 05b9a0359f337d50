"""Forms of signing in and out on the spot, and of setting a session right."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.application.forms.activity_parts import CoordinatesForm
from ledger.application.forms.fields import Count, Flag, Form, Id, Moment, Text

_ID = "018f6d0e-5f0a-4c1e-9d51-0a8f3c2b7e10"
_CODE_MAX = 32


class SignForm(Form):
    """Signing in or out 签到、签退, by the volunteer herself or by a recorder for her."""

    act: Literal["sign_in", "sign_out"] = Field(description="签到或签退")
    volunteer: Id | None = Field(
        None, description="Left out, she who is signed in 志愿者", examples=[_ID]
    )
    code: Annotated[Text, StringConstraints(max_length=_CODE_MAX)] | None = Field(
        None, description="As the screen or the QR code shows it 动态码", examples=["048211"]
    )
    point: Count | None = Field(
        None, description="Number of the sign point, from 1 签到点序号", examples=[1]
    )
    position: CoordinatesForm | None = Field(
        None, description="Compared on arrival with her consent, and thrown away 当前位置"
    )
    offline: Flag = Field(
        default=False,
        description="Taken by staff without a connection, so without a code 离线签到",
    )
    taken_at: Moment | None = Field(
        None, description="When it was taken, if offline 离线签到时间"
    )


class PresenceAmendmentForm(Form):
    """When she really came and went 补签, and how that is known."""

    session: Count = Field(description="Number of the session 场次", examples=[1])
    signed_in_at: Moment = Field(description="签到时间")
    signed_out_at: Moment = Field(description="签退时间")
    reason: Text = Field(description="补签原因", examples=["忘记签退,已核对现场签到表。"])
