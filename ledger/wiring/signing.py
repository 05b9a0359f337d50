"""The signing of certificates put together: off unless there is a folder of keys for it."""

from ledger.certificates.signatures import CannotSign, PdfSigning
from ledger.settings import Settings, paths_of
from ledger.store import chance
from ledger.store.keyfiles import KeyFileError


def signing_of(settings: Settings) -> PdfSigning | None:
    """Return who signs certificates, None where nobody does.

    Raises:
        KeyFileError: The folder lacks what signing needs.
    """
    folder = paths_of(settings).signing
    if folder is None:
        return None
    # It takes a second to load and is needed by nobody else.
    from ledger.certificates.signing import Signing  # noqa: PLC0415
    from ledger.certificates.signing_files import SigningFolder  # noqa: PLC0415

    try:
        return Signing(
            SigningFolder(folder),
            url=settings.tsa_url,
            timeout_s=settings.signing_timeout_s,
            clock=chance.now,
        )
    except CannotSign as error:
        raise KeyFileError(folder, error.detail) from error
