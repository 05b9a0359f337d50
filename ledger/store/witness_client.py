"""Asking a witness over HTTP: bounded in time and bytes, whatever it answers.

One exchange takes at most ``total_s`` seconds from the first look-up of the name to the last
byte of the answer: a server that drips a byte now and then is cut off, not waited for, and
so is a name server that says nothing. No
redirect is followed, no proxy of the environment is used, and no answer is unpacked, so that
a small answer stays small.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from ledger.store.witness_answer import Answer, Trouble, WitnessAway


@dataclass(frozen=True, slots=True)
class WitnessHttp:
    """Sends one request at a time; may be used by many threads at once."""

    connect_s: float = 5.0
    read_s: float = 5.0
    total_s: float = 10.0

    def add_checkpoint(self, url: str, body: bytes) -> Answer:
        """Return the answer to a new checkpoint (C2SP tlog-witness, add-checkpoint).

        Raises:
            WitnessAway: There was none, or it was too slow or too large.
        """
        return self._ask("POST", f"{_prefix(url)}/add-checkpoint", body)

    def latest(self, url: str, origin_hash: str) -> Answer:
        """Return the answer to which checkpoint was cosigned last (C2SP tlog-witness).

        ``origin_hash`` is SHA-256 of the log's origin in lower-case hex.

        Raises:
            WitnessAway: There was none, or it was too slow or too large.
        """
        return self._ask("GET", f"{_prefix(url)}/{origin_hash}/checkpoint", None)

    def _ask(self, method: str, url: str, body: bytes | None) -> Answer:
        # Only here: most commands ask no witness, and what does it takes long to load.
        from ledger.store.witness_exchange import Exchange  # noqa: PLC0415

        exchange = Exchange(connect_s=self.connect_s, read_s=self.read_s, total_s=self.total_s)
        return exchange.ask(method, url, body)


def _prefix(url: str) -> str:
    """Return a submission prefix without its last slash.

    Raises:
        WitnessAway: It is no address of a witness.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise WitnessAway(Trouble.BAD_URL, url)
    return url.rstrip("/")
