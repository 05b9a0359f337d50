"""Lists of revoked certificates: from the address that is named, in bounds, nothing else."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import AuthorityInformationAccessOID

from ledger.certificates import list_fetching
from ledger.certificates.checking import Answer
from ledger.certificates.demonstration_keys import Certified, subject
from ledger.certificates.list_fetching import LIST_BYTES_MAX
from ledger.certificates.signatures import CannotSign, Hindrance
from tests.application.homes import TownBase, postgres_town, sqlite_town
from tests.certificates.signed import Scene, signed_scene, write_key
from tests.conftest import RequireTool

__all__ = ["postgres_town", "sqlite_town"]


@pytest.fixture(scope="module")
def scene(
    sqlite_town: TownBase,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: RequireTool,
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("lists")
    with signed_scene(sqlite_town, folder, require_tool("openssl")) as made:
        yield made


class Place:
    """A server of one kind of answer, which remembers what it was asked for."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.asked: list[str] = []
        self.sent = 0
        self.port = 0
        self._answer = status, body, headers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/list.crl"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        status, body, headers = self._answer
        self.asked.append(f"{handler.command} {handler.path}")
        handler.send_response(status)
        for name, value in ({"content-length": str(len(body))} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        try:
            for start in range(0, len(body), 65_536):
                self.sent += handler.wfile.write(body[start : start + 65_536])
        except OSError:
            handler.close_connection = True


@contextmanager
def place(status: int, body: bytes = b"", **headers: str) -> Iterator[Place]:
    """Serve an answer until the end of the block."""
    made = Place(status, body, {name.replace("_", "-"): said for name, said in headers.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.answer(self)

        def do_POST(self) -> None:
            made.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    made.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def signed_by_one_whose_list_is_at(scene: Scene, folder: Path, url: str) -> bytes:
    """Return the certificate, signed with a key whose certificate names an address."""
    authority = replace(scene.stamps.authority, list_url=url)
    key = authority.certify(subject("电子印章", scene.issuer.name, scene.issuer.credit_code))
    write_key(scene.key_file(scene.copied(folder)), key)
    return scene.signing(folder).sign(scene.typeset, scene.issuer)


def refused(scene: Scene, folder: Path, url: str) -> None:
    """See that nothing is signed by it."""
    with pytest.raises(CannotSign) as caught:
        signed_by_one_whose_list_is_at(scene, folder, url)
    assert caught.value.hindrance is Hindrance.AWAY


def test_a_list_is_asked_for_once_where_the_certificate_says(
    scene: Scene, tmp_path: Path
) -> None:
    with place(200, scene.stamps.authority.revocation_list()) as there:
        signed = signed_by_one_whose_list_is_at(scene, tmp_path / "keys", there.url)
    assert there.asked == ["GET /list.crl"]
    assert scene.check(signed, scene.roots).verdict is Answer.YES


def test_nobody_is_sent_elsewhere(scene: Scene, tmp_path: Path) -> None:
    with (
        place(200, scene.stamps.authority.revocation_list()) as inside,
        place(302, location=inside.url.replace("list.crl", "restart?really=1")) as there,
    ):
        refused(scene, tmp_path / "keys", there.url)
    assert (there.asked, inside.asked) == (["GET /list.crl"], [])


def test_what_is_packed_is_not_unpacked(scene: Scene, tmp_path: Path) -> None:
    packed = gzip.compress(scene.stamps.authority.revocation_list())
    with place(200, packed, content_encoding="gzip") as there:
        refused(scene, tmp_path / "keys", there.url)
        assert there.asked == ["GET /list.crl"]


def test_what_does_not_end_is_not_read_to_its_end(scene: Scene, tmp_path: Path) -> None:
    with place(200, bytes(8 * LIST_BYTES_MAX)) as there:
        refused(scene, tmp_path / "keys", there.url)
        assert there.sent < 4 * LIST_BYTES_MAX


@pytest.mark.parametrize("body", [b"", b"<html>It works!</html>", b"0\x03\x02\x01\x01"])
def test_what_is_no_list_signs_nothing_for_now(
    scene: Scene, tmp_path: Path, body: bytes
) -> None:
    with place(200, body) as there:
        refused(scene, tmp_path / "keys", there.url)


def test_a_certificate_makes_nobody_ask_without_end(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_fetching, "REQUESTS_MAX", 0)
    with place(200, scene.stamps.authority.revocation_list()) as there:
        refused(scene, tmp_path / "keys", there.url)
    assert there.asked == []


def test_an_answerer_is_not_asked_and_the_list_counts(scene: Scene, tmp_path: Path) -> None:
    authority = scene.stamps.authority
    with place(200) as answerer:
        key = authority.certify(
            subject("电子印章", scene.issuer.name, scene.issuer.credit_code)
        )
        named = x509.UniformResourceIdentifier(answerer.url)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, named)
        old, builder = key.certificate, x509.CertificateBuilder()
        builder = (
            builder.subject_name(old.subject)
            .issuer_name(old.issuer)
            .public_key(old.public_key())
            .serial_number(old.serial_number)
            .not_valid_before(old.not_valid_before_utc)
            .not_valid_after(old.not_valid_after_utc)
            .add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        )
        for each in old.extensions:
            builder = builder.add_extension(each.value, each.critical)
        folder = scene.copied(tmp_path / "keys")
        again = builder.sign(authority.key, hashes.SHA256())
        write_key(scene.key_file(folder), Certified(key.key, again))
        signed = scene.signing(folder).sign(scene.typeset, scene.issuer)
    assert scene.check(signed, scene.roots).verdict is Answer.YES
    assert answerer.asked == []
