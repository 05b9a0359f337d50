"""The command line, killed behind one step of a rotation: ``killed STEP COMMAND …``."""

import os
import signal
import sys
from typing import Any, NoReturn

from ledger import cli
from ledger.application import rotating
from ledger.store import signing_keys
from ledger.store.appender import Appender
from ledger.store.publishing import Publisher


def main() -> None:
    step = sys.argv.pop(1)
    match step:
        case "key":
            die_behind(signing_keys.KeyFiles, "prepare")
        case "entry":
            die_behind(Appender, "append")
        case "signature":
            Publisher._store = die  # type: ignore[method-assign] # for this process alone
        case "checkpoint":
            die_behind(Publisher, "publish_earlier")
        case "policy":
            die_behind(rotating, "_name_both")
        case "retired":
            die_behind_the_next("_name_both")
        case "switched":
            die_behind(signing_keys.KeyFiles, "switch")
        case _:
            raise ValueError(step)
    cli.main()


def die(*_args: Any, **_named: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die_behind(owner: Any, name: str) -> None:
    """Let a function be the last that is done."""
    done = getattr(owner, name)

    def last(*args: Any, **named: Any) -> NoReturn:
        done(*args, **named)
        die()

    setattr(owner, name, last)


def die_behind_the_next(name: str) -> None:
    """Let the file that is replaced once a rotation has come so far be the last."""
    done = getattr(rotating, name)

    def going_on(*args: Any) -> Any:
        answer = done(*args)
        die_behind(signing_keys, "replace_file")
        return answer

    setattr(rotating, name, going_on)


if __name__ == "__main__":
    main()
