"""Check a certificate offline: nothing but the file and a trust policy is needed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.json import JSON

from ledger.application.published_shapes import SHAPES
from ledger.application.texts import say
from ledger.certificates.checking import TLOG_PROOF, Answer, Checker, Report, Step
from ledger.certificates.credential_checking import CREDENTIAL, Lookups, check_credential
from ledger.certificates.credential_type import LABELS
from ledger.certificates.pdf_reading import PDF_BYTES_MAX
from ledger.certificates.printed import site_of
from ledger.certificates.signatures import CannotSign, SignatureTrust
from ledger.certificates.signing_files import certificates_in
from ledger.certificates.typesetting import Typesetter
from ledger.commands.console import CANNOT, FOUND, decoded, explained, language, out, small_file
from ledger.proof.errors import MalformedError
from ledger.proof.policy import parse_policy
from ledger.settings import Settings, paths_of
from ledger.store import chance

app = typer.Typer()

_FACT_MAX = 300
_EXITS = {Answer.YES: 0, Answer.NO: FOUND, Answer.UNKNOWN: CANNOT}
_VERDICTS = {
    Answer.YES: "verify_certificate_yes",
    Answer.NO: "verify_certificate_no",
    Answer.UNKNOWN: "verify_certificate_unknown",
}
_MARKS = {Answer.YES: "✓", Answer.NO: "✗", Answer.UNKNOWN: "?"}


@app.command("verify")
def verify_certificate(
    file: Annotated[
        Path,
        typer.Argument(help="A certificate's PDF, its credential, or a .tlog-proof 证明文件"),
    ],
    trust: Annotated[
        Path | None, typer.Option(help="Trust policy; this ledger's own if left out 信任策略")
    ] = None,
    roots: Annotated[
        Path | None,
        typer.Option(
            help="Authorities of signatures and time stamps, PEM 签名与时间戳的根证书"
        ),
    ] = None,
    issuer: Annotated[
        Path | None,
        typer.Option(help="The issuer's metadata or JWK set, of a credential 签发者公钥"),
    ] = None,
    status: Annotated[
        Path | None, typer.Option(help="Status list, of a credential 状态列表")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON 输出 JSON")] = False,
) -> None:
    """Check a certificate offline, step by step 离线核验证明."""
    with explained() as settings:
        policy = parse_policy(decoded(small_file(trust or _own_policy(settings))))
        with file.open("rb") as opened:
            content = opened.read(PDF_BYTES_MAX + 1)
        checker = Checker(policy, SHAPES, Typesetter(), site_of, _trust(roots))
        claims: Mapping[str, Any] = {}
        if content.startswith(CREDENTIAL):
            checked = check_credential(content, checker, _lookups(issuer, status))
            report, claims = checked.report, checked.claims
        else:
            report = checker.check(content)
    if as_json:
        out.print(
            _json(_as_json(report, claims)), markup=False, highlight=False, soft_wrap=True
        )
    else:
        for step in report.steps:
            out.print(f"{_MARKS[step.answer]} {_text(step)}", markup=False)
        for step in report.unproved:
            out.print(f"  {_text(step)}", markup=False)
        for name, value in claims.items():
            out.print(_claim(name, value), markup=False)
        is_proof = content.startswith(TLOG_PROOF)
        is_entry = is_proof and report.verdict is Answer.YES and report.face is None
        verdict = "verify_entry_yes" if is_entry else _VERDICTS[report.verdict]
        out.print(say(verdict, language()), markup=False)
    raise typer.Exit(_EXITS[report.verdict])


def _own_policy(settings: Settings) -> Path:
    paths = paths_of(settings)
    return paths.policy or paths.own_policy


def _trust(roots: Path | None) -> SignatureTrust | None:
    if roots is None:
        return None
    authorities = small_file(roots)
    try:
        certificates_in(authorities)
    except CannotSign as error:
        raise MalformedError(str(roots), "certificates in PEM", "none") from error
    return SignatureTrust(authorities, chance.now())


def _text(step: Step) -> str:
    """Return what a step says, as one line; its facts may be a forger's words."""
    said = {name: _shown(value) for name, value in step.facts.items()}
    return say(step.code, language(), **said)


def _shown(value: object) -> object:
    """Return a fact so that no terminal obeys it, nor is it longer than a line or two."""
    if isinstance(value, int):
        return value
    text = str(value)
    text = text if len(text) <= _FACT_MAX else f"{text[:_FACT_MAX]}…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _lookups(issuer: Path | None, status: Path | None) -> Lookups:
    """Return what was named beside a credential.

    Raises:
        MalformedError: It is none of an issuer's keys.
    """
    name, keys = (None, None) if issuer is None else _keys(issuer)
    return Lookups(
        keys=keys,
        status=None if status is None else small_file(status),
        now=chance.now(),
        issuer=name,
    )


def _keys(issuer: Path) -> tuple[str | None, Sequence[Mapping[str, Any]]]:
    """Return whose keys these are, if it is said, and the keys."""
    try:
        said = orjson.loads(small_file(issuer))
    except orjson.JSONDecodeError as error:
        raise MalformedError(str(issuer), "JSON", "none") from error
    match said:
        case {"issuer": str(name), "jwks": {"keys": list(keys)}}:
            return name, [each for each in keys if isinstance(each, dict)]
        case {"keys": list(keys)}:
            return None, [each for each in keys if isinstance(each, dict)]
        case _:
            pass
    raise MalformedError(str(issuer), "an issuer's metadata or a JWK set", "neither")


def _claim(name: str, value: object) -> str:
    """Return what a claim says, as one line for people, whatever characters it has."""
    label = LABELS[name][0 if language() == "zh" else 1]
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    said = text if text.isprintable() else ascii(text)
    return say("verify_claim", language(), label=label, value=said)


def _as_json(report: Report, claims: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "verdict": report.verdict,
        **({"claims": dict(claims)} if claims else {}),
        "steps": [_step(each) for each in report.steps],
        "unproved": [_step(each) for each in report.unproved],
    }


def _json(said: Mapping[str, Any]) -> str:
    """Return JSON in which whatever a terminal might obey is escaped."""
    text = JSON.from_data(said, default=str).text.plain
    return "".join(
        each if each.isprintable() or each == "\n" else _escaped(each) for each in text
    )


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _step(step: Step) -> dict[str, Any]:
    said = {"code": step.code, "answer": step.answer, "text": _text(step)}
    return said | {"facts": dict(step.facts)}
