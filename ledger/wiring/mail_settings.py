"""Whether mail is sent, and whether what its settings name is there; asked at each start."""

from ledger.settings import Settings
from ledger.store.keyfiles import KeyFileError, read_password


def mail_is_on(settings: Settings) -> bool:
    """Return whether mail is sent at all."""
    return settings.smtp_host is not None


def check_mail(settings: Settings) -> None:
    """Return if the files that mail needs can be read.

    Raises:
        KeyFileError: One cannot.
    """
    if not mail_is_on(settings):
        return
    if settings.smtp_password_file is not None:
        read_password(settings.smtp_password_file)
    if settings.smtp_ca_file is not None and not settings.smtp_ca_file.is_file():
        raise KeyFileError(settings.smtp_ca_file, "is no file of certificates")
