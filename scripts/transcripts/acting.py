"""Who acts: persons over HTTP, each call told with what came of it."""

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from transcripts.stage import Stage, expect, say

_ID = re.compile(r"([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def short(text: str) -> str:
    """Return a text whose ids are told by their first digits."""
    return _ID.sub(r"\1", text)


@dataclass
class Person:
    """Somebody who speaks to the service; ``token`` is her session."""

    stage: Stage
    name: str
    token: str = field(default="", repr=False)

    def sign_in(self, password: str) -> None:
        """Sign in."""
        said = {"name": self.name, "password": password}
        self.token = self.quietly("POST", "sessions", said)["token"]

    def quietly(self, method: str, path: str, body: Any = None) -> Any:
        """Do something that is not worth telling; return the answer.

        Raises:
            OtherwiseError: It was refused.
        """
        status, answer = self._send(method, path, body)
        expect(status < 400, f"{method} {path}: {status} {answer}")
        return answer

    def does(self, method: str, path: str, body: Any = None) -> Any:
        """Do something and tell which entries it led to; return the answer.

        Raises:
            OtherwiseError: It was refused.
        """
        say(f"    {self.name}: {method} /api/v1/{short(path)}")
        status, answer = self._send(method, path, body)
        expect(status < 400, f"{status} {answer}")
        entries = answer["receipt"]["entries"]
        told = ", ".join(f"{each['type']} (seq {each['seq']})" for each in entries)
        say(f"    → {status}  {told}")
        return answer

    def is_refused(self, code: str, method: str, path: str, body: Any = None) -> None:
        """Attempt something, and tell why it is refused.

        Raises:
            OtherwiseError: It is not, or not for this reason.
        """
        say(f"    {self.name}: {method} /api/v1/{short(path)}")
        status, answer = self._send(method, path, body)
        codes = [each["code"] for each in answer.get("reasons", [])]
        expect(status >= 400 and code in codes, f"{code} is wanted: {status} {answer}")
        for reason in answer["reasons"]:
            say(f"    → {status}  {reason['code']}: {short(reason['text'])}")

    def _send(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        request = urllib.request.Request(  # noqa: S310 - the service of the story
            f"{self.stage.address}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "authorization": f"Bearer {self.token}",
                "content-type": "application/json",
                "accept-language": "en",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
