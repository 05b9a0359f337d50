"""The page over a house, served on a port of its own; what a test does to the house shows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from ledger.api.problems import answer_with_problems
from ledger.api.v1.problems import answer_acts_with_problems
from ledger.api.v1.verification_routes import verification_routes
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.looking_up import LookUps
from ledger.application.health import Health
from ledger.application.published_shapes import SHAPES
from ledger.certificates.attached import FACE, RECORDS
from ledger.certificates.pdf_reading import read_pdf
from ledger.certificates.printed import Printed, printed
from ledger.certificates.typesetting import Attachment
from ledger.domain.certificate import certificate_number
from ledger.web.verify_routes import verify_routes
from tests.api.service import free_port
from tests.application.certifying import (
    TYPESETTER,
    Bureau,
    checker_of,
    handing_out_of,
    open_bureau,
)
from tests.application.gatehouse import Gate
from tests.application.house import House
from tests.application.town import Town

SITE = "https://ledger.example.gov.cn/verify"


@dataclass(frozen=True)
class Paper:
    """A certificate as somebody holds it."""

    certificate: UUID
    pdf: bytes
    proof: bytes

    @property
    def number(self) -> str:
        return certificate_number(self.certificate)


class ServedPage:
    """A bureau whose certificates the public checks at ``address``."""

    def __init__(self, bureau: Bureau, port: int) -> None:
        self.bureau = bureau
        self.port = port
        self.out: HandingOut = handing_out_of(bureau.house)
        self.address = f"http://127.0.0.1:{port}/verify"

    def paper(self, **said: Any) -> Paper:
        """Issue a certificate and hand it out."""
        herself = self.bureau.session.herself
        certificate = self.bureau.request(mode="self_printed", **said)
        pdf, proof = (
            self.out.pdf(herself, certificate),
            self.out.proof(herself, certificate),
        )
        return Paper(certificate, pdf, proof)

    def typeset_again(self, paper: Paper, **changes: Any) -> bytes:
        """Return a PDF with the proofs of a paper, around other texts."""
        attached = read_pdf(paper.pdf).attached
        report = checker_of(self.bureau.house).check(paper.proof)
        assert report.face is not None
        face = printed(report.face, site=SITE)
        files = [
            Attachment(name, attached[name], "text/plain", "proof") for name in (FACE, RECORDS)
        ]
        return TYPESETTER.typeset(Printed(face.template, {**face.data, **changes}), files)

    def printed_data(self, paper: Paper) -> dict[str, Any]:
        """Return the texts of a paper as its form takes them."""
        report = checker_of(self.bureau.house).check(paper.proof)
        assert report.face is not None
        return dict(printed(report.face, site=SITE).data)


def app_of(house: House, out: HandingOut) -> FastAPI:
    """Return the page and the look-up over a house."""
    app = FastAPI(redirect_slashes=False)
    answer_with_problems(app, Health(lambda: None))
    answer_acts_with_problems(app)
    app.include_router(verification_routes(LookUps(out, Gate(house).parts)))
    app.include_router(verify_routes(lambda: checker_of(house).policy, SHAPES))
    return app


@contextmanager
def serving_page(house: House, town: Town) -> Iterator[ServedPage]:
    """Serve the page over a house, in a thread."""
    page = ServedPage(open_bureau(house, town), free_port())
    config = uvicorn.Config(
        # Levels and handlers of the loggers are the process's own, which other tests share.
        app_of(house, page.out),
        host="127.0.0.1",
        port=page.port,
        log_config=None,
        access_log=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive()
        yield page
    finally:
        server.should_exit = True
        thread.join()
