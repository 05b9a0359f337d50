"""Policies: who is known, how many must agree, and what a note is worth under them."""

import contextlib
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.proof.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from ledger.proof.errors import MalformedError, ProofError
from ledger.proof.note import KeyType, SignatureLine, SignedNote, VerifierKey
from ledger.proof.policy import (
    DEFINITIONS_MAX,
    Cosignature,
    Policy,
    PolicyGroup,
    PolicyLog,
    PolicyWitness,
    parse_policy,
)
from ledger.proof.signers import SigningKey

ORIGIN = "log.example/1"
LOG = SigningKey(ORIGIN, KeyType.ED25519, b"L" * 32)
LOG_Q = SigningKey(ORIGIN, KeyType.MLDSA44, b"Q" * 32)
OTHER_LOG = SigningKey("log.example/2", KeyType.ED25519, b"O" * 32)
X1, X3, Y1, Y2 = (
    SigningKey(f"{name.lower()}.example", KeyType.COSIGNATURE, name.encode() * 16)
    for name in ["X1", "X3", "Y1", "Y2"]
)
X2 = SigningKey("x2.example", KeyType.MLDSA44, b"X2" * 16)
HEAD = Checkpoint(ORIGIN, 11, b"r" * 32)


def vkey(key: SigningKey) -> str:
    return key.verifier_key.text()


POLICY = f"""\
log {vkey(LOG)} https://log.example/1
log {vkey(LOG_Q)}
log {vkey(OTHER_LOG)}
witness X1 {vkey(X1)}
witness X2 {vkey(X2)}
witness X3 {vkey(X3)} https://x3.example/
witness Y1 {vkey(Y1)}
witness Y2 {vkey(Y2)}
group X-witnesses 2 X1 X2 X3
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def signed_by(*keys: SigningKey, checkpoint: Checkpoint = HEAD) -> SignedNote:
    return add_signatures(checkpoint, [line_of(key, checkpoint) for key in keys])


def line_of(key: SigningKey, checkpoint: Checkpoint = HEAD, time: int = 100) -> SignatureLine:
    timestamp = None if key.type is KeyType.ED25519 else time
    return sign_checkpoint(checkpoint, key, timestamp=timestamp)


def policy_of(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_a_formatted_policy_is_written_as_it_was_read() -> None:
    policy = parse_policy(POLICY)
    assert policy.text() == POLICY
    assert parse_policy(policy.text()) == policy
    assert policy.groups[0] == PolicyGroup("X-witnesses", 2, ("X1", "X2", "X3"))
    assert policy.logs[0] == PolicyLog(LOG.verifier_key, "https://log.example/1")


def test_a_policy_by_hand_may_have_comments_and_blanks() -> None:
    text = (
        f"\n \t \n  # a comment: log x\n\tquorum\tnone \nlog  {vkey(LOG)}\t url\n"
        f"witness w\t\t{vkey(X1)}\ngroup g 1 w\n"
    )
    policy = parse_policy(text)
    assert policy.text() == policy_of(
        f"log {vkey(LOG)} url", f"witness w {vkey(X1)}", "group g any w", "quorum none"
    )


WORDS = st.text("abc#é", min_size=1, max_size=4)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    keys = st.binary(min_size=32, max_size=32)
    names = draw(st.lists(WORDS, max_size=8, unique=True))
    names = [name for name in names if not name.startswith("#")]
    publics = draw(
        st.lists(keys, min_size=len(names) + 2, max_size=len(names) + 2, unique=True)
    )
    logs = [PolicyLog(VerifierKey("log", KeyType.ED25519, public)) for public in publics[:2]]
    cut = draw(st.integers(0, len(names)))
    witnesses = [
        PolicyWitness(name, VerifierKey(name.replace("+", ""), KeyType.COSIGNATURE, public))
        for name, public in zip(names[:cut], publics[2:], strict=False)
    ]
    free = names[:cut]
    groups = []
    for name in names[cut:]:
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True)) if free else []
        if members:
            threshold = draw(st.integers(1, len(members)))
            groups.append(PolicyGroup(name, threshold, tuple(members)))
            free = [each for each in free if each not in members] + [name]
    known = [each.name for each in witnesses] + [each.name for each in groups] + ["none"]
    quorum = draw(st.sampled_from(known))
    return Policy(tuple(logs), tuple(witnesses), tuple(groups), quorum)


@given(policies())
def test_what_is_written_is_read_as_the_same_policy(policy: Policy) -> None:
    assert parse_policy(policy.text()) == policy


@given(policies(), st.data())
def test_one_character_changed_is_refused_or_a_policy(
    policy: Policy, data: st.DataObject
) -> None:
    text = policy.text()
    at = data.draw(st.integers(0, len(text) - 1))
    with contextlib.suppress(MalformedError):
        other = parse_policy(text[:at] + data.draw(st.characters()) + text[at + 1 :])
        assert parse_policy(other.text()) == other


@given(st.text(max_size=60), st.lists(WORDS, max_size=5))
def test_random_text_is_refused_in_one_way(text: str, words: list[str]) -> None:
    for first in ("", "log ", "witness ", "group ", "quorum "):
        with contextlib.suppress(MalformedError):
            parse_policy(first + text + "\n" + first + " ".join(words) + "\n")


W1 = f"witness w1 {vkey(X1)}"
W2 = f"witness w2 {vkey(X2)}"


@pytest.mark.parametrize(
    ("lie", "got"),
    [
        ([W1], []),
        (["quorum none", "quorum none"], ["none", "none"]),
        (["quorum w1", W1], "w1"),
        ([W1, "group g any w1 w2", W2, "quorum g"], "w2"),
        (["group g any g", "quorum g"], "g"),
        ([W1, "group g any none", "quorum none"], "none"),
        ([W1, "group g any w1", "group h any w1", "quorum g"], "w1"),
        ([W1, "group g any w1 w1", "quorum g"], "w1"),
        ([W1, W2.replace("w2", "w1"), "quorum w1"], "w1"),
        ([W1, "group w1 any w1", "quorum w1"], "w1"),
        ([W1.replace("w1", "none", 1), "quorum none"], "none"),
        ([W1, "group none any w1", "quorum none"], "none"),
        ([W1, "group g 0 w1", "quorum g"], 0),
        ([W1, "group g 2 w1", "quorum g"], 2),
        ([W1, "group g 01 w1", "quorum g"], "01"),
        ([W1, "group g some w1", "quorum g"], "some"),
        ([W1, "group g any", "quorum g"], 1),
        (["group g all", "quorum g"], 0),
        (["log", "quorum none"], ["log"]),
        ([f"log {vkey(LOG)} url extra", "quorum none"], ["log", vkey(LOG), "url", "extra"]),
        ([f"log {vkey(LOG)} #url", "quorum none"], "#url"),
        ([f"witness #w {vkey(X1)}", "quorum none"], "#w"),
        ([f"witness w {vkey(LOG)}", "quorum none"], vkey(LOG)),
    ],
)
def test_what_is_no_policy_is_refused(lie: Sequence[str], got: object) -> None:
    with pytest.raises(MalformedError) as refused:
        parse_policy(policy_of(*lie))
    assert refused.value.got == got


@pytest.mark.parametrize(
    "lie",
    ["", "quorum none", "quorum none\r\n", "quorum\u00a0none\n", "# \ud800\nquorum none\n"],
)
def test_a_text_in_another_alphabet_is_refused(lie: str) -> None:
    with pytest.raises(MalformedError):
        parse_policy(lie)


def test_a_key_stands_once_whatever_it_is_called() -> None:
    again = VerifierKey("another.example", KeyType.COSIGNATURE, X1.verifier_key.public)
    same_as_log = VerifierKey("w.example", KeyType.COSIGNATURE, LOG.verifier_key.public)
    for lie in (
        [W1, f"witness w2 {again.text()}", "quorum none"],
        [f"log {vkey(LOG)}", f"log {vkey(LOG)}", "quorum none"],
        [f"log {vkey(LOG)}", f"witness w {same_as_log.text()}", "quorum none"],
    ):
        with pytest.raises(MalformedError) as refused:
            parse_policy(policy_of(*lie))
        assert refused.value.want == "each once"


def test_a_policy_is_bounded() -> None:
    def policy(count: int) -> Policy:
        witnesses = tuple(
            PolicyWitness(f"w{n}", VerifierKey("w", KeyType.COSIGNATURE, n.to_bytes(32, "big")))
            for n in range(count)
        )
        return Policy((), witnesses, (), "none")

    assert parse_policy(policy(DEFINITIONS_MAX).text()) == policy(DEFINITIONS_MAX)
    with pytest.raises(MalformedError) as refused:
        policy(DEFINITIONS_MAX + 1)
    assert refused.value.got == DEFINITIONS_MAX + 1
    with pytest.raises(MalformedError):
        parse_policy("\n" * (1 << 20) + "quorum none\n")


def test_a_quorum_of_the_known_tells_who_and_when() -> None:
    note = add_signatures(
        signed_by(LOG, LOG_Q),
        [
            SignatureLine("stranger.example", b"none", b"ignored"),
            line_of(Y2, time=5),
            line_of(X2, time=6),
            line_of(X1, time=7),
            line_of(X1, time=8),
        ],
    )
    witnessed = parse_policy(POLICY).verify(note)
    assert witnessed.checkpoint == HEAD
    assert witnessed.log_keys == (LOG.verifier_key, LOG_Q.verifier_key)
    assert witnessed.cosignatures == (
        Cosignature("X1", 8),
        Cosignature("X2", 6),
        Cosignature("Y2", 5),
    )


@given(st.sets(st.sampled_from([X1, X2, X3, Y1, Y2])))
@settings(deadline=None)
def test_a_quorum_is_met_exactly_where_its_groups_say(cosigners: set[SigningKey]) -> None:
    enough = len(cosigners & {X1, X2, X3}) >= 2 and len(cosigners & {Y1, Y2}) >= 1
    policy, note = parse_policy(POLICY), signed_by(LOG, *sorted(cosigners, key=vkey))
    if enough:
        assert len(policy.verify(note).cosignatures) == len(cosigners)
    else:
        with pytest.raises(ProofError) as failed:
            policy.verify(note)
        assert (failed.value.step, failed.value.want) == ("quorum", "X-and-Y")
        assert failed.value.got == sorted(key.name[:2].upper() for key in cosigners)


def test_one_key_counts_once_however_often_it_signs() -> None:
    lines = [line_of(X1, time=time) for time in range(5)]
    note = add_signatures(signed_by(LOG, Y1), lines)
    with pytest.raises(ProofError) as failed:
        parse_policy(POLICY).verify(note)
    assert failed.value.got == ["X1", "Y1"]


def test_no_quorum_asks_for_the_log_alone() -> None:
    policy = parse_policy(policy_of(f"log {vkey(LOG)}", W1, "quorum none"))
    assert policy.verify(signed_by(LOG)).cosignatures == ()
    assert policy.verify(signed_by(LOG, X1)).cosignatures == (Cosignature("w1", 100),)


def test_the_log_must_be_known_under_its_origin() -> None:
    for note in (
        signed_by(X1, X2, Y1),
        signed_by(OTHER_LOG, X1, X2, Y1),
        signed_by(LOG, X1, X2, Y1, checkpoint=Checkpoint("log.example/3", 1, bytes(32))),
    ):
        with pytest.raises(ProofError) as failed:
            parse_policy(POLICY).verify(note)
        assert failed.value.step == "log signature"
        assert failed.value.got == [line.name for line in note.signatures]


@pytest.mark.parametrize("key", [LOG, LOG_Q, OTHER_LOG, X1, X2, X3, Y2])
def test_one_failing_line_of_any_known_key_spoils_the_note(key: SigningKey) -> None:
    elsewhere = Checkpoint(ORIGIN, 12, b"r" * 32)
    note = add_signatures(signed_by(LOG, X1, X2, Y1), [line_of(key, elsewhere)])
    with pytest.raises(ProofError) as failed:
        parse_policy(POLICY).verify(note)
    assert failed.value.step == "signature"


def test_a_text_that_is_no_checkpoint_is_refused() -> None:
    for text in ("text\n", Checkpoint(ORIGIN, 1, bytes(32), ("more",)).text()):
        with pytest.raises(MalformedError):
            parse_policy(POLICY).verify(SignedNote(text, signed_by(LOG).signatures))


def test_groups_nest_as_deep_as_they_are_many() -> None:
    names = ["w1", *(f"g{n}" for n in range(DEFINITIONS_MAX))]
    groups = [f"group {outer} any {inner}" for inner, outer in pairwise(names)]
    policy = parse_policy(policy_of(f"log {vkey(LOG)}", W1, *groups, f"quorum {names[-1]}"))
    assert policy.verify(signed_by(LOG, X1)).cosignatures == (Cosignature("w1", 100),)
    with pytest.raises(ProofError):
        policy.verify(signed_by(LOG))
