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
    salt: Text | None = Field(
        None,
        description="The salt of `holder_name` in the whole proof, in hex: shows that whoever "
        "asks has the file, and is not held back by others' wrong names 证明文件中的盐值",
        examples=["00112233445566778899aabbccddeeff"],
    )
