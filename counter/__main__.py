"""Start: `counter` or `python -m counter`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line; asking only for the version imports nothing else."""
    _hold_descriptors()
    if sys.argv[1:] == ["--version"]:
        from counter import __version__

        if sys.stdout is not None:
            sys.stdout.write(__version__ + "\n")
        return 0
    os.umask(0o077)  # what the program writes, only this user reads
    from counter import loading

    loading.begin()
    from counter.cli import run

    return run()


def _hold_descriptors() -> None:
    """Who starts us with 0, 1 or 2 closed must not get their output into our database, which would be given that number."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one


if __name__ == "__main__":
    sys.exit(main())
