"""The story: what happens, in its order, and what has to come of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.acting import Person, short
from transcripts.stage import Stage, expect, say
from transcripts.town import ACTIVITY, PAPER, PASSWORD, Town

ORIGIN = "transcript.ledger.invalid/log/110000"
ENTERED, SHOWN, REVIEWED = (
    "2026-11-24 09:00:00",  # a Tuesday
    "2026-11-27 16:00:00",  # Friday, the last day of publicity
    "2026-11-30 09:00:00",  # Monday
)
SERVICE = {
    "start": "2026-11-20T09:00+08:00",
    "end": "2026-11-20T12:00+08:00",
    "break_minutes": 30,
    "content": "陪伴老人,打扫居室。",
}


@dataclass
class Cast:
    """Who and what the story is about."""

    stage: Stage
    town: Town
    policy: Path
    organization: str
    responsible: Person
    recorder: Person
    reviewer: Person
    herself: Person
    volunteer: str
    activity: str
    evaluation: dict[str, Any]


def tell(stage: Stage) -> None:
    """Tell it.

    Raises:
        OtherwiseError: Something was otherwise than it is told.
    """
    _turn(stage, ENTERED)
    cast = _gather(stage)
    kid = _key(cast)
    record = _submit(cast, kid)
    _send_again(cast)
    overlapping = _show(cast, record)
    _turn(stage, SHOWN, cast.reviewer)
    _wait_for_publicity(cast, record)
    _turn(stage, REVIEWED, cast.recorder, cast.reviewer, cast.herself)
    before = _review(cast, record)
    _refuse_overlap(cast, overlapping)
    after = _amend(cast, record)
    _history(cast, record)
    _as_of(cast, before, after)
    _audit(cast)


def _turn(stage: Stage, moment: str, *present: Person) -> None:
    """Let days pass; whoever is present then signs in, as sessions have ended."""
    say(f"\n# {moment[:16]}, Beijing")
    stage.turn_to(moment)
    for each in present:
        each.sign_in(PASSWORD)


def _gather(stage: Stage) -> Cast:
    say("\n## 1. A ledger begins\n")
    told = stage.ledger("init", "--origin", ORIGIN)
    say(f"    {told.splitlines()[0]}")
    policy = stage.folder / "policy"
    policy.write_bytes((stage.folder / "var" / "policy").read_bytes())
    say("    Its policy (the public key) is handed to the auditor now, and used from here on.")
    stage.serve()
    town = Town(stage, stage.moment[:10])
    city, city_id = town.found(_token(told))
    district = town.bureau(city, city_id)
    head = town.person(city, district, "qian.district", "responsible", "supervisor")
    organization = town.entrusted(head, district)
    responsible = town.person(head, organization, "jiang.entrusted", "responsible", "handler")
    recorder = town.person(head, organization, "shen.entrusted", "recorder", "reviewer")
    reviewer = town.person(head, organization, "han.entrusted", "reviewer")
    say(f"    Bureaus, an organization and its people: {', '.join(town.names.values())}")
    activity = recorder.does("POST", "activities", ACTIVITY)["id"]
    herself, volunteer = town.volunteer(recorder, responsible)
    evaluator = next(id_ for id_, name in town.names.items() if name == responsible.name)
    return Cast(
        stage=stage,
        town=town,
        policy=policy,
        organization=organization,
        responsible=responsible,
        recorder=recorder,
        reviewer=reviewer,
        herself=herself,
        volunteer=volunteer,
        activity=activity,
        evaluation={
            "date": "2026-11-23",
            "punctuality": 5,
            "attitude": 5,
            "skill": 4,
            "evaluator": evaluator,
        },
    )


def _token(told: str) -> str:
    """Return the token that stands alone in a line of what `ledger init` told."""
    lines = [line.strip() for line in told.splitlines()]
    return next(line for line in lines if line[32:33] == "." and " " not in line)


def _key(cast: Cast) -> str:
    say("\n## 2. The organization's system gets a key\n")
    public = cast.stage.program("examples/submit.py", "key", "organization.pem").strip()
    said = {"public_key": public, "label": "志愿者管理系统"}
    added = cast.responsible.does("POST", f"organizations/{cast.organization}/keys", said)
    cast.town.names[added["added"]] = "the organization's key"
    return str(added["added"])


def _record(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "activity": cast.activity,
        "volunteer": cast.volunteer,
        **SERVICE,
        "evaluation": cast.evaluation,
        **changes,
    }


def _submit(cast: Cast, kid: str) -> str:
    say("\n## 3. A signed submission, and its receipt\n")
    recorder = next(id_ for id_, name in cast.town.names.items() if name == "shen.entrusted")
    item = {"act": "record.submit", **_record(cast, recorder=recorder)}
    (cast.stage.folder / "items.json").write_text(json.dumps([item], ensure_ascii=False))
    keyed = ("--kid", kid, "--aud", ORIGIN, "--url", cast.stage.address)
    post = ("post", "organization.pem", "items.json", "receipt", *keyed)
    told = cast.stage.program("examples/submit.py", *post)
    _indented(told)
    _verify(cast, "receipt")
    return told.split()[2]


def _verify(cast: Cast, folder: str) -> None:
    proofs = sorted((cast.stage.folder / folder).glob("*.tlog-proof"))
    expect(proofs, "a receipt has proofs")
    for proof in proofs:
        path = str(proof.relative_to(cast.stage.folder))
        told = cast.stage.program("scripts/verify_log.py", path, "--policy", "policy")
        _indented(told.splitlines()[0])


def _send_again(cast: Cast) -> None:
    say("\n## 4. The same bytes again: the same receipt, no new entry\n")
    first = (cast.stage.folder / "receipt" / "answer.json").read_bytes()
    size = _size(cast)
    url = ("--url", cast.stage.address)
    _indented(cast.stage.program("examples/submit.py", "again", "receipt", *url))
    again = (cast.stage.folder / "receipt" / "answer.json").read_bytes()
    expect((again, _size(cast)) == (first, size), "the same answer, and no entry more")
    say(f"    The answer is the same, byte for byte; the log has {size} entries as before.")


def _show(cast: Cast, record: str) -> str:
    say("\n## 5. Publicity\n")
    cast.recorder.does("POST", f"records/{record}/publicity")
    say("    A recorder enters and shows another record of hers, of the same noon:")
    said = _record(cast, start="2026-11-20T11:00+08:00", end="2026-11-20T13:00+08:00")
    other: str = cast.recorder.does("POST", "records", said)["id"]
    cast.recorder.does("POST", f"records/{other}/publicity")
    return other


def _wait_for_publicity(cast: Cast, record: str) -> None:
    say()
    shown = cast.reviewer.quietly("GET", "publicity?division=110101")["items"]
    mine = [each for each in shown if each["id"] == record]
    expect(mine, "the record is shown")
    say(f"    Shown to everybody: {mine[0]['volunteer']}, until {mine[0]['closes_on']}.")
    confirmation = f"records/{record}/confirmation"
    cast.reviewer.is_refused("publicity_is_not_over", "POST", confirmation)


def _review(cast: Cast, record: str) -> int:
    say("\n## 6. Nobody reviews what she entered\n")
    confirmation = f"records/{record}/confirmation"
    cast.recorder.is_refused("reviewer_is_recorder", "POST", confirmation)
    say("\n## 7. A second person confirms, and the time is credited with it\n")
    before = _size(cast)
    _keep(cast, cast.reviewer.does("POST", confirmation), "confirmed")
    _verify(cast, "confirmed")
    return before


def _keep(cast: Cast, answer: Any, name: str) -> None:
    """Keep the receipt of an act, as the organization does with those of its system."""
    path = cast.stage.folder / f"{name}.json"
    path.write_text(json.dumps(answer), "utf-8")
    cast.stage.program("examples/submit.py", "keep", path.name, name)


def _refuse_overlap(cast: Cast, other: str) -> None:
    say("\n## 8. Nobody is in two places at once\n")
    confirmation = f"records/{other}/confirmation"
    cast.reviewer.is_refused("credit_overlaps", "POST", confirmation)


def _amend(cast: Cast, record: str) -> int:
    say("\n## 9. An amendment: proposed, replied to by the volunteer, accepted by another\n")
    before = _size(cast)
    proposal = {
        **SERVICE,
        "evaluation": cast.evaluation,
        "end": "2026-11-20T12:30+08:00",
        "reason": "核对签到表,实际结束时间为十二点半。",
        "evidence": [{"kind": "sign_in_sheet", "sha256": PAPER}],
    }
    amendments = f"records/{record}/amendments"
    opened = cast.recorder.does("POST", amendments, proposal)["opened"]
    acceptance = f"{amendments}/{opened}/acceptance"
    cast.reviewer.is_refused("reply_is_awaited", "POST", acceptance)
    cast.recorder.is_refused("reviewer_is_proposer", "POST", acceptance)
    say(f"    {cast.herself.name} sees it: {_tasks(cast)}")
    cast.herself.does("POST", f"{amendments}/{opened}/reply", {"text": "情况属实,同意更正。"})
    cast.reviewer.does("POST", acceptance)
    return before


def _tasks(cast: Cast) -> str:
    items = cast.herself.quietly("GET", "tasks")["items"]
    mine = [each for each in items if each["kind"] == "decide_amendment"]
    expect(mine, "the volunteer is told of the amendment")
    return f"{mine[0]['kind']}, last day {mine[0]['due_on']}"


def _history(cast: Cast, record: str) -> None:
    say("\n## 10. The history of the record: who, what, when, why, before and after\n")
    items = cast.herself.quietly("GET", f"records/{record}/history")["items"]
    for item in items:
        by = cast.town.called(item["by"])
        say(f"    seq {item['seq']}  {item['time'][:16]}Z  {item['type']}  by {by}")
        for line in _told_of(item):
            say(f"        {short(line)}")
    types = [each["type"] for each in items]
    expect(types[-1] == "amendment.accepted", f"the history of an amended record: {types}")


def _told_of(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a change says: its reason, its words, each value before and after."""
    facts = item["facts"]
    if item["reason"] is not None:
        yield f"why: {item['reason']}"
    if "text" in facts:
        yield f"text: {facts['text']}"
    for name in facts.get("changed", ()):
        yield f"proposed {name}: {facts[name]}"
    for change in item["changes"]:
        if change["before"] is not None and not change["field"].startswith("amendment."):
            yield f"{change['field']}: {change['before']} → {change['after']}"


def _as_of(cast: Cast, before: int, after: int) -> None:
    say("\n## 11. The profile as of then, and now\n")
    told = []
    for size, when in (
        (before, "before the confirmation"),
        (after, "before the amendment"),
        (None, "now"),
    ):
        query = "" if size is None else f"?as_of={size}"
        profile = cast.herself.quietly("GET", f"volunteers/{cast.volunteer}{query}")
        totals = profile["totals"]
        told.append(totals["minutes"])
        asked = f"GET /api/v1/volunteers/{short(cast.volunteer)}{query}"
        say(f"    {asked}  → {totals['hours']} hours ({totals['minutes']} minutes), {when}")
    expect(told == [0, 150, 180], f"0, 150, 180 minutes: {told}")


def _audit(cast: Cast) -> None:
    say("\n## 12. The audit\n")
    _indented(cast.stage.ledger("audit", "verify", policy=cast.policy))
    _indented(cast.stage.ledger("projections", "check"))
    say("\nEverything was as it is told.")


def _size(cast: Cast) -> int:
    size: int = cast.reviewer.quietly("GET", "records?limit=1")["as_of"]
    return size


def _indented(text: str) -> None:
    for line in text.splitlines():
        say(f"    {short(line)}")
