"""The JSON API as a whole: its routes, its problems, what is checked before each request."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, FastAPI

from ledger.api.v1.access_routes import access_routes
from ledger.api.v1.activity_routes import activity_routes
from ledger.api.v1.bodies import Room
from ledger.api.v1.certificate_lists import certificate_lists
from ledger.api.v1.certificate_routes import certificate_routes
from ledger.api.v1.consent_routes import consent_routes
from ledger.api.v1.credential_routes import credential_routes
from ledger.api.v1.division_routes import division_routes
from ledger.api.v1.evidence_routes import HELD_BYTES_MAX, evidence_routes
from ledger.api.v1.export_routes import export_routes
from ledger.api.v1.import_routes import import_routes
from ledger.api.v1.list_routes import list_routes
from ledger.api.v1.merge_routes import merge_routes
from ledger.api.v1.notice_routes import notice_routes
from ledger.api.v1.organization_acts import organization_acts
from ledger.api.v1.organization_routes import organization_routes
from ledger.api.v1.paper_routes import paper_routes
from ledger.api.v1.presence_routes import presence_routes
from ledger.api.v1.problems import answer_acts_with_problems
from ledger.api.v1.record_acts import record_acts
from ledger.api.v1.record_routes import record_routes
from ledger.api.v1.rule_routes import rule_routes
from ledger.api.v1.statistics_routes import statistics_routes
from ledger.api.v1.submission_routes import receiving, submission_routes
from ledger.api.v1.verification_routes import verification_routes
from ledger.api.v1.volunteer_acts import volunteer_acts
from ledger.api.v1.volunteer_routes import registration_routes, volunteer_routes
from ledger.application.certifying.acting import Certifying
from ledger.application.certifying.credentials import Credentials
from ledger.application.certifying.handing_out import HandingOut
from ledger.application.certifying.looking_up import LookUps
from ledger.application.change_feed import ChangeFeed
from ledger.application.evidence_keeping import EvidenceKeeping
from ledger.application.evidence_reading import EvidenceReading
from ledger.application.health import Health
from ledger.application.importing.checking import PaperChecking
from ledger.application.importing.scanning import ScanAttaching
from ledger.application.key_tokens import KeyTokens
from ledger.application.office import Office
from ledger.application.opening import AccessParts
from ledger.application.self_registering import SelfRegistrations
from ledger.application.sign_in_codes import SignInCodes
from ledger.application.signing_in import SignIns
from ledger.application.signing_on_the_spot import OnTheSpot
from ledger.application.submissions import Submissions

OPENAPI_PATH = "/api/v1/openapi.json"


@dataclass(frozen=True, slots=True)
class Served:
    """What the API serves: the use cases of one ledger."""

    office: Office
    sign_ins: SignIns
    access: AccessParts
    submissions: Submissions
    feed: ChangeFeed
    keeping: EvidenceKeeping
    looking: EvidenceReading
    certifying: Certifying
    handing_out: HandingOut
    credentials: Credentials
    mail_is_on: bool = False


def add_api(app: FastAPI, served: Served, health: Health) -> None:
    """Add the API to the service's application."""

    # Most answers carry a signature, which a process that lost a write must not make.
    async def may_sign() -> None:
        health.check()

    app.state.key_tokens = KeyTokens(
        served.office, served.submissions.holders, served.access.refusals
    )
    answer_acts_with_problems(app, served.access.refusals)
    for router in _routers(served, health):
        app.include_router(router, dependencies=[Depends(may_sign)])


def _routers(served: Served, health: Health) -> list[APIRouter]:
    office, sessions = served.office, served.sign_ins
    codes = SignInCodes(office.index_key, origin=office.origin)
    spot = OnTheSpot(office, codes, served.access.throttles)
    files = Room(HELD_BYTES_MAX)
    receive = receiving(office, served.submissions, health)
    return [
        # Routes are looked through in this order: systems send the most.
        submission_routes(office, sessions, served.submissions, receive),
        access_routes(office, served.sign_ins, served.access),
        notice_routes(office, sessions, mail_is_on=served.mail_is_on),
        registration_routes(office, SelfRegistrations(office, served.access)),
        volunteer_routes(office, sessions, receive),
        volunteer_acts(office, sessions),
        consent_routes(office, sessions),
        merge_routes(office, sessions),
        organization_routes(office, sessions),
        organization_acts(office, sessions),
        activity_routes(office, sessions, receive),
        presence_routes(sessions, spot),
        list_routes(office, sessions, served.feed),
        # Before one record, or `export` would be the id of one.
        export_routes(office, sessions),
        record_routes(office, sessions, receive),
        record_acts(office, sessions),
        import_routes(office, sessions),
        paper_routes(
            office,
            sessions,
            ScanAttaching(office, served.keeping, served.looking),
            PaperChecking(office, served.looking),
            files,
        ),
        evidence_routes(office, sessions, served.keeping, served.looking, files),
        # Before one certificate, or `publicity` would be the id of one.
        certificate_lists(office, sessions),
        certificate_routes(sessions, served.certifying, served.handing_out),
        verification_routes(LookUps(served.handing_out, served.access)),
        credential_routes(sessions, served.credentials),
        rule_routes(office, sessions),
        division_routes(office, sessions),
        statistics_routes(office, sessions),
    ]
