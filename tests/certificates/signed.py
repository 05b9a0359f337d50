"""A certificate of a ledger as it is handed out: signed with keys of a test's own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ledger.certificates.checking import Answer, Checker, Report
from ledger.certificates.demonstration_keys import Certified, subject
from ledger.certificates.signatures import Issuer, SignatureTrust
from ledger.certificates.signing import Signing
from ledger.certificates.signing_files import ROOTS, STAMP_ROOTS, SigningFolder
from ledger.store import chance
from tests.application.certifying import Bureau, checker_of, handing_out_of, open_bureau
from tests.application.homes import TownBase, _on_sqlite, _opened
from tests.certificates.stamping import StampServer, stamping


def pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM."""
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


def write_key(path: Path, key: Certified) -> None:
    """Write a key with its certificate, for its owner alone."""
    path.write_bytes(key.pem())
    path.chmod(0o600)


@dataclass(frozen=True)
class Scene:
    """A certificate that was issued, and what signs it."""

    bureau: Bureau
    certificate: UUID
    issuer: Issuer
    folder: Path
    stamps: StampServer
    typeset: bytes
    signed: bytes

    @property
    def roots(self) -> bytes:
        """The one root that vouches for signer and stamps."""
        return pem(self.stamps.authority.root)

    def key_file(self, folder: Path | None = None) -> Path:
        """Return where the station's key lies."""
        return (folder or self.folder) / f"{self.issuer.credit_code}.pem"

    def copied(self, folder: Path) -> Path:
        """Return a copy of the folder of keys, to be changed."""
        shutil.copytree(self.folder, folder)
        return folder

    def signing(self, folder: Path | None = None, timeout_s: float = 20.0) -> Signing:
        """Return who signs with a folder of keys, with time stamps over HTTP."""
        return signing_of(folder or self.folder, self.stamps.url, timeout_s)

    def check(
        self, content: bytes, roots: bytes | None = None, now: datetime | None = None
    ) -> Report:
        """Check a file offline, with these authorities, as of a moment."""
        trust = None if roots is None else SignatureTrust(roots, now or chance.now())
        return replace(checker_of(self.bureau.house), trust=trust).check(content)

    def checker(self) -> Checker:
        """Return a checker that trusts the log, and the root of signatures."""
        trust = SignatureTrust(self.roots, chance.now())
        return replace(checker_of(self.bureau.house), trust=trust)


def signing_of(
    folder: Path,
    url: str | None,
    timeout_s: float = 20.0,
    clock: Callable[[], datetime] = chance.now,
) -> Signing:
    """Return who signs with a folder of keys."""
    return Signing(SigningFolder(folder), url=url, timeout_s=timeout_s, clock=clock)


@contextmanager
def signed_scene(base: TownBase, folder: Path, openssl: str) -> Iterator[Scene]:
    """Open a copy of the town in which a sealed certificate was issued and signed."""
    shutil.copytree(base.folder, folder / "town")
    place = replace(_on_sqlite(folder / "town"), migrated=True)
    keys, stamps_folder = folder / "keys", folder / "stamps"
    keys.mkdir()
    stamps_folder.mkdir()
    with _opened(place, base) as home, stamping(stamps_folder, openssl) as stamps:
        bureau = open_bureau(home.house, home.town)
        bureau.session.confirmed()
        certificate = bureau.issued(language="zh_en")
        face = bureau.state(certificate).issued
        assert face is not None
        issuer = Issuer(face.on_behalf_of, face.issuer_name, face.issuer_credit_code)
        name = subject("电子印章", issuer.name, issuer.credit_code)
        write_key(keys / f"{issuer.credit_code}.pem", stamps.authority.certify(name))
        for file in (ROOTS, STAMP_ROOTS):
            (keys / file).write_bytes(pem(stamps.authority.root))
        handing_out, herself = handing_out_of(home.house), bureau.session.herself
        signing = signing_of(keys, stamps.url)
        typeset = handing_out.pdf(herself, certificate)
        signed = replace(handing_out, signing=signing).pdf(herself, certificate)
        yield Scene(bureau, certificate, issuer, keys, stamps, typeset, signed)


def codes(report: Report, answer: Answer) -> list[str]:
    """Return the codes of the steps with an answer."""
    return [step.code for step in report.steps if step.answer is answer]
