"""What the example of nginx does with a request, by the rules by which nginx chooses."""

import re

from tests.docs.blocks import ROOT

_LOCATION = re.compile(
    r"^        location (.+?) \{$(.+?)^        \}$", re.MULTILINE | re.DOTALL
)


def locations() -> dict[str, str]:
    """Return what is done in each location, in their order."""
    text = (ROOT / "docs" / "deployment" / "nginx.conf").read_text("utf-8")
    return dict(_LOCATION.findall(text))


def chosen(path: str) -> str:
    """Return what is done with a request: the first pattern, or else the longest prefix."""
    found = locations()
    for name, done in found.items():
        if name.startswith("~ ") and re.search(name.removeprefix("~ "), path):
            return done
    return found[max((name for name in found if path.startswith(name)), key=len)]


def is_passed_on(path: str) -> bool:
    """Return whether the service gets a request."""
    return "proxy_pass http://ledger;" in chosen(path)
