"""`python -m benchmarks [--full] [name …]`: run the figures, each in a process of its own, and write docs/benchmarks.md.

Each module prints one table in Markdown; it goes between the lines `<!-- name -->` and `<!-- /name -->`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

NAMES: Final = (
    "take_payment",
    "find_customer",
    "first_paint",
    "keystroke",
    "import_bills",
    "memory",
    "printing",
    "queue",
    "queue_day",
    "cashless",
)
PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def figures(name: str, *, full: bool) -> str:
    """What the module printed. Raises CalledProcessError."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--full"] if full else [])]
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8", cwd=PAGE.parent.parent
    ).stdout.strip()


def written_into(page: str, name: str, table: str) -> str:
    """The page with the table between its two lines; a page without them gets them at its end."""
    first, last = f"<!-- {name} -->", f"<!-- /{name} -->"
    between = re.compile(re.escape(first) + ".*?" + re.escape(last), re.DOTALL)
    block = f"{first}\n{table}\n{last}"
    return between.sub(lambda _: block, page) if between.search(page) else f"{page.rstrip()}\n\n{block}\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; all when none is named")
    parser.add_argument("--full", action="store_true", help="the sizes the goals speak of; takes many minutes")
    asked = parser.parse_args()
    failed = 0
    for name in asked.names or [name for name in NAMES if find_spec(f"benchmarks.{name}")]:
        try:
            table = figures(name, full=asked.full)
        except subprocess.CalledProcessError as error:
            failed = error.returncode
            sys.stdout.write(f"{name}: failed\n")
            continue
        sys.stdout.write(f"\n{name}\n{table}\n")
        sys.stdout.flush()
        PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8"), name, table), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
