"""The form of somebody who registers by herself, and chooses what she will sign in with."""

from pydantic import Field

from ledger.application.forms.access import SignInForm
from ledger.application.forms.volunteer import RegistrationForm


class SelfRegistrationForm(RegistrationForm):
    """A volunteer who registers by herself 志愿者自行注册."""

    sign_in: SignInForm = Field(description="Name and password of her choice 登录名和密码")
