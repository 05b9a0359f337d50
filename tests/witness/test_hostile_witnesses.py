"""Whatever a witness answers: one named trouble, no stored line, and appends go on."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from ledger.application.witness_testimony import ask_witnesses
from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import KeyType, SignatureLine, parse_note
from ledger.proof.policy import PolicyWitness
from ledger.proof.signers import SigningKey
from ledger.store.schema import cosignatures, witness_losses
from ledger.store.witness_answer import WitnessAway
from ledger.store.witness_client import WitnessHttp
from ledger.store.witness_exchange import ANSWER_BYTES_MAX
from tests.shell import ORIGIN, Shell
from tests.witness.scene import IMPATIENCE, PATIENCE, Scene, staged, witness_key
from tests.witness.wire import Asked, Script, http, listening, saying

SIZE = 11
SIZE_TYPE = "text/x.tlog.size"


@pytest.fixture
def one(shell: Shell) -> Iterator[Scene]:
    """Return a log whose one witness a test makes misbehave."""
    with staged(shell, "a") as scene:
        yield scene


def line_over(scene: Scene, note: bytes, *, key: SigningKey | None = None, ago: int = 0) -> str:
    """Return a line that the witness (or another key) gives over a note."""
    checkpoint = parse_checkpoint(parse_note(note).text)
    moment = int(scene.clock().timestamp()) - ago
    return sign_checkpoint(checkpoint, key or scene.honest["a"].key, timestamp=moment).text()


def lines(make: Callable[[Scene, Asked], str]) -> Callable[[Scene], Script]:
    """Return a script that answers 200 with lines made from the request."""

    def of(scene: Scene) -> Script:
        return lambda asked, client: client.sendall(http(200, make(scene, asked).encode()))

    return of


def other_checkpoint(scene: Scene, asked: Asked) -> str:
    text = parse_note(asked.note).text.replace(f"\n{SIZE}\n", f"\n{SIZE + 1}\n")
    return line_over(
        scene, asked.note.replace(parse_note(asked.note).text.encode(), text.encode())
    )


def other_key_same_label(scene: Scene, asked: Asked) -> str:
    """Return a line that claims the witness's key but is by another."""
    wrong = parse_note(asked.note + line_over(scene, asked.note, key=witness_key("x")).encode())
    key = scene.honest["a"].key.verifier_key
    return SignatureLine(key.name, key.id, wrong.signatures[-1].blob).text()


def good_and_bad(scene: Scene, asked: Asked) -> str:
    return line_over(scene, asked.note) + other_key_same_label(scene, asked)


def cut_short(scene: Scene, asked: Asked) -> str:
    key = scene.honest["a"].key.verifier_key
    return SignatureLine(key.name, key.id, b"\x00" * 40).text()


def no_newline(scene: Scene, asked: Asked) -> str:
    return line_over(scene, asked.note).rstrip("\n")


ANSWERS: dict[str, tuple[str, Callable[[Scene], Script]]] = {
    "an empty answer": ("garbage", lines(lambda scene, asked: "")),
    "letters": ("garbage", lines(lambda scene, asked: "cosigned, trust me\n")),
    "bytes that are no text": ("garbage", lambda _: saying(http(200, b"\xff\xfe\x00" * 99))),
    "what is not HTTP": ("garbage", lambda _: saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
    "nothing at all": ("garbage", lambda _: saying(b"")),
    "a line without its newline": ("garbage", lines(no_newline)),
    "thousands of lines": (
        "garbage",
        lines(lambda scene, asked: line_over(scene, asked.note, key=witness_key("x")) * 300),
    ),
    "too many bytes": ("too_large", lambda _: saying(http(200, b"x" * (ANSWER_BYTES_MAX + 1)))),
    "a head without end": (
        "garbage",
        lambda _: saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**20),
    ),
    "another key's line": (
        "no_line",
        lines(lambda scene, asked: line_over(scene, asked.note, key=witness_key("x"))),
    ),
    "the log's own line": (
        "no_line",
        lines(lambda scene, asked: parse_note(asked.note).signatures[0].text()),
    ),
    "another key under its label": ("bad_signature", lines(other_key_same_label)),
    "a line cut short": ("bad_signature", lines(cut_short)),
    "a good line and a bad one": ("bad_signature", lines(good_and_bad)),
    "its line over another checkpoint": ("bad_signature", lines(other_checkpoint)),
    "an old line": ("bad_time", lines(lambda s, asked: line_over(s, asked.note, ago=301))),
    "a line from the future": (
        "bad_time",
        lines(lambda scene, asked: line_over(scene, asked.note, ago=-301)),
    ),
    "a redirect": (
        "redirect",
        lambda _: saying(
            b"HTTP/1.1 307 X\r\nLocation: /add-checkpoint\r\nContent-Length: 0\r\n\r\n"
        ),
    ),
    "409 without a size": ("garbage", lambda _: saying(http(409, b"eleven\n", SIZE_TYPE))),
    "409 of another type": ("garbage", lambda _: saying(http(409, b"0\n"))),
    "409 with a negative size": ("garbage", lambda _: saying(http(409, b"-1\n", SIZE_TYPE))),
    "409 with a huge size": ("garbage", lambda _: saying(http(409, b"9" * 4_000, SIZE_TYPE))),
    "409 with our own old size": ("refused", lambda _: saying(http(409, b"0\n", SIZE_TYPE))),
    "409 for every size": ("moving", lambda _: saying(http(409, b"7\n", SIZE_TYPE))),
    "a larger size, unproven": ("ahead", lambda _: saying(http(409, b"12\n", SIZE_TYPE))),
    "400": ("bad_request", lambda _: saying(http(400))),
    "403": ("unknown_key", lambda _: saying(http(403))),
    "404": ("unknown_log", lambda _: saying(http(404))),
    "422": ("refused", lambda _: saying(http(422))),
    "503": ("status", lambda _: saying(http(503))),
    "204": ("status", lambda _: saying(b"HTTP/1.1 204 X\r\n\r\n")),
}


def kept(scene: Scene) -> list[tuple[object, ...]]:
    """Return what is stored of the witnesses."""
    with scene.ledger.engine.connect() as connection:
        return [
            tuple(row)
            for table in (cosignatures, witness_losses)
            for row in connection.execute(sa.select(table))
        ]


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_no_cosignature_is_one_named_trouble(one: Scene, answer: str) -> None:
    trouble, script = ANSWERS[answer]
    one.wires["a"].script = script(one)
    one.round()
    assert one.troubles() == {"a": trouble}
    assert kept(one) == []
    assert one.served_size() is None
    one.shell.append(1)


def drip(first: bytes, then: bytes) -> Callable[[Scene], Script]:
    """Return a script that sends a byte now and then, each well within the time of a step."""

    def of(scene: Scene) -> Script:
        def script(asked: Asked, client: socket.socket) -> None:
            client.sendall(first)
            while not scene.wires["a"].stopping.wait(0.05):
                client.sendall(then)

        return script

    return of


ENDLESS = {
    "no answer": drip(b"", b""),
    "a head, byte by byte": drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "interim answers": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body, byte by byte": drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "a body in chunks": drip(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"
    ),
}


@pytest.mark.parametrize("answer", ENDLESS)
def test_an_answer_without_end_is_cut_off(one: Scene, answer: str) -> None:
    """A limit on each step alone would wait for it for ever, and this test with it."""
    one.port = IMPATIENCE
    one.wires["a"].script = ENDLESS[answer](one)
    one.round()
    assert one.troubles() == {"a": "timeout"}
    assert kept(one) == []


def test_a_packed_answer_is_not_unpacked(one: Scene) -> None:
    """Not even a good one: what a small answer unpacks to has no bound."""

    def pack(asked: Asked, client: socket.socket) -> None:
        packed = gzip.compress(line_over(one, asked.note).encode())
        head = f"HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}"
        client.sendall(f"{head}\r\n\r\n".encode() + packed)

    one.wires["a"].script = pack
    one.round()
    assert one.troubles() == {"a": "garbage"}


def test_a_redirect_is_not_followed(one: Scene) -> None:
    with listening(saying(http(200, b"a secret\n"))) as elsewhere:
        location = f"Location: {elsewhere.url}/add-checkpoint\r\n".encode()
        answer = b"HTTP/1.1 308 X\r\n" + location + b"Content-Length: 0\r\n\r\n"
        one.wires["a"].script = saying(answer)
        one.round()
        assert elsewhere.asked == []


def test_a_proxy_of_the_environment_is_not_asked(
    one: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(saying(http(502))) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        one.round()
        assert proxy.asked == []
    assert one.served_size() == SIZE


def test_a_witness_that_is_not_there_is_unreachable(one: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    key = one.honest["a"].key.verifier_key
    one.write_policy([PolicyWitness("a", key, f"http://127.0.0.1:{port}")], 1)
    one.round()
    assert one.troubles() == {"a": "unreachable"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "http://a:99999/",
        "http://a/?b",
        "//a",
    ],
)
def test_an_address_that_is_none_of_a_witness_is_not_asked(one: Scene, url: str) -> None:
    key = one.honest["a"].key.verifier_key
    one.write_policy([PolicyWitness("a", key, url)], 1)
    one.round()
    assert one.troubles() == {"a": "bad_url"}


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    one: Scene, self_signed: ssl.SSLContext
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"

        def accept() -> None:
            client, _ = server.accept()
            with client, pytest.raises(ssl.SSLError):
                self_signed.wrap_socket(client, server_side=True)

        thread = threading.Thread(target=accept)
        thread.start()
        key = one.honest["a"].key.verifier_key
        one.write_policy([PolicyWitness("a", key, url)], 1)
        one.round()
        thread.join(60)
    assert one.troubles() == {"a": "unreachable"}


def test_one_that_never_ends_does_not_keep_the_others(shell: Shell) -> None:
    with staged(shell, "a", "b") as scene:
        scene.port = IMPATIENCE
        scene.wires["a"].script = ENDLESS["a body, byte by byte"](scene)
        scene.round()
        assert scene.troubles() == {"a": "timeout"}
        assert scene.cosigned() == {"a": 0, "b": SIZE}
        assert scene.served_size() == SIZE


def test_a_log_is_appended_to_while_a_witness_is_asked(one: Scene) -> None:
    """The witness answers only once the append that it would hold up is acknowledged."""
    script = one.wires["a"].script

    def append_first(asked: Asked, client: socket.socket) -> None:
        one.shell.append(3)
        script(asked, client)

    one.wires["a"].script = append_first
    one.round()
    assert one.served_size() == SIZE
    assert one.ledger.source.size() == SIZE + 3


WORDS: dict[str, tuple[bytes, str | None]] = {
    "garbage": (http(200, b"garbage"), "garbage"),
    "another log": (
        http(
            200,
            b"else\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
            b"\xe2\x80\x94 a AAAAAAA=\n",
        ),
        "garbage",
    ),
    "too many bytes": (http(200, b"x" * (ANSWER_BYTES_MAX + 1)), "too_large"),
    "never heard of it": (http(404), None),
}


@pytest.mark.parametrize("answer", WORDS)
def test_asking_what_a_witness_saw_never_fails(answer: str) -> None:
    given, trouble = WORDS[answer]
    key = witness_key("w", KeyType.COSIGNATURE).verifier_key
    with listening(saying(given)) as wire:
        witnesses = [PolicyWitness("w", key, wire.url), PolicyWitness("silent", key)]
        [word] = ask_witnesses(witnesses, PATIENCE, origin=ORIGIN)
    assert (word.witness, word.trouble) == ("w", trouble)
    assert word.note is None
    assert word.size == (None if trouble else 0)


def test_a_look_up_that_fails_is_named() -> None:
    with pytest.raises(WitnessAway) as away:
        WitnessHttp().latest("http://no-such-host.invalid", "0" * 64)
    assert away.value.trouble == "unreachable"


def test_a_name_server_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answered = threading.Event(), threading.Event()
    release = threading.Event()

    def silent(*_args: object, **_kwargs: object) -> list[object]:
        asked.set()
        release.wait(20)
        answered.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with pytest.raises(WitnessAway) as away:
        IMPATIENCE.latest("http://witness.example.org", "0" * 64)
    was_answered = answered.is_set()
    release.set()
    assert away.value.trouble == "timeout"
    assert asked.is_set()
    assert not was_answered
    # What it says too late disturbs nobody.
    assert answered.wait(20)
