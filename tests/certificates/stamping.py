"""A time-stamp authority on this machine: OpenSSL's, behind HTTP, honest or not.

It serves the list of revoked certificates as well, at ``/list.crl``.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp

from ledger.certificates.demonstration_keys import DemonstrationAuthority, subject
from ledger.store import chance

_CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass
class StampServer:
    """The server; ``way`` is how it answers the next requests."""

    folder: Path
    openssl: str
    authority: DemonstrationAuthority
    port: int = 0
    way: str = "honest"
    asked: int = 0
    lists: int = 0
    last: bytes = b""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    def begin(self) -> None:
        """Write the files that OpenSSL needs."""
        self.authority.list_url = f"http://127.0.0.1:{self.port}/list.crl"
        stamper = self.authority.certify(subject("时间戳"), stamps=True)
        (self.folder / "tsa.cnf").write_text(_CONFIG.format(folder=self.folder), "utf-8")
        (self.folder / "serial").write_text("01\n", "utf-8")
        (self.folder / "tsa.pem").write_bytes(stamper.pem())

    def stamp(self, query: bytes) -> bytes:
        """Return what OpenSSL answers."""
        with self.lock:
            self.asked += 1
            (self.folder / "query").write_bytes(query)
            files = ("tsa.cnf", "query", "tsa.pem", "tsa.pem", "answer")
            names = ("-config", "-queryfile", "-signer", "-inkey", "-out")
            said = [
                word
                for name, file in zip(names, files, strict=True)
                for word in (name, str(self.folder / file))
            ]
            subprocess.run(
                [self.openssl, "ts", "-reply", *said], check=True, capture_output=True
            )
            return (self.folder / "answer").read_bytes()

    def answer(self, query: bytes) -> tuple[int, bytes]:
        """Return status and body, as the way of the moment is."""
        if self.way in ANSWERS:
            return ANSWERS[self.way]
        if self.way == "replaying":
            return 200, self.last
        if self.way == "mute":
            time.sleep(3)
            return 503, b""  # nobody waits for it any more, and it is not counted
        self.last = self.stamp(_changed(query, self.way))
        return 200, self.last


ANSWERS = {
    "refusing": (503, b""),
    "rambling": (200, b"<html>It works!</html>"),
    "endless": (200, b"0" * 1_000_000),
    "not granting": (200, bytes.fromhex("30053003020102")),
}
"""What is no time stamp at all."""


def _changed(query: bytes, way: str) -> bytes:
    """Return what is stamped instead of what was asked for."""
    request = tsp.TimeStampReq.load(query)
    if way == "without nonce":
        del request["nonce"]
    elif way == "of another nonce":
        request["nonce"] = request["nonce"].native + 1
    elif way == "of another hash":
        request["message_imprint"]["hashed_message"] = b"\x01" * 32
    return bytes(request.dump(force=True))


@contextmanager
def stamping(folder: Path, openssl: str) -> Iterator[StampServer]:
    """Serve time stamps until the end of the block."""
    server = StampServer(folder, openssl, DemonstrationAuthority("测试根证书", chance.now()))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self._send(*server.answer(body))

        def do_GET(self) -> None:
            server.lists += 1
            if server.way == "without list":
                self._send(503, b"")
            else:
                self._send(200, server.authority.revocation_list())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.port = http.server_address[1]
    server.begin()
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
