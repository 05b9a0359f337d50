"""``python -m transcripts``: where the ledger lies, and what became of the story."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from transcripts.stage import OtherwiseError, Stage
from transcripts.story import tell


def main() -> int:
    """Tell the story; 0 if everything was as it is told."""
    parser = argparse.ArgumentParser(prog="scripts/transcript", description=__doc__)
    parser.add_argument("--caller", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where to make the ledger; it is kept")
    said = parser.parse_args()
    with TemporaryDirectory(prefix="transcript-") as temporary:
        folder = Path(temporary) if said.folder is None else said.caller / said.folder
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            print(f"scripts/transcript: {folder} is not empty", file=sys.stderr)
            return 2
        stage = Stage(folder)
        try:
            tell(stage)
        except OtherwiseError as error:
            print(f"\nIt was otherwise: {error}", file=sys.stderr)
            return 1
        finally:
            stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
