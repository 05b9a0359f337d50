"""Forms of notices: up to where they were seen, and where mail is wanted."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ledger.application.forms.fields import Count, Form, Text
from ledger.domain.notices import ADDRESS_MAX


class SeenForm(Form):
    """Up to which notice she has seen hers 已读至."""

    through: Count = Field(description="`seq` of the newest one shown 通知编号", examples=[120])


class NoticeAddressForm(Form):
    """Where she wants to be told by mail that there are notices 通知邮件地址."""

    address: Annotated[Text, StringConstraints(max_length=ADDRESS_MAX)] = Field(
        description="ASCII 邮件地址", examples=["name@example.org"]
    )
