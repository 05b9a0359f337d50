"""The form by which the public asks for a certificate: its number, and who stands on it."""

from pydantic import Field

from ledger.application.forms.fields import Form, Text


class VerificationForm(Form):
    """A certificate that somebody holds in her hands 核验证明."""

    number: Text = Field(
        description="Certificate number 证明编号",
        examples=["1D3B-0R8T-XK5Z-9M2C-7F4H-6J1N-8Q0V"],
    )
    holder: Text = Field(
        description="The holder's name, or the whole document number 姓名或完整证件号码",
        examples=["王示例"],
    )
