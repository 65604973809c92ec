"""Start: `counter` or `python -m counter`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; asking only for the version imports nothing else."""
    if sys.argv[1:] == ["--version"]:
        from counter import __version__

        sys.stdout.write(__version__ + "\n")
        return 0
    os.umask(0o077)  # what the program writes, only this user reads
    from counter import loading

    loading.begin()
    from counter.cli import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
