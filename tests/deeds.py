"""What a command does with files, one at a time, for the torture tests to kill in the middle.

`python tests/deeds.py <home> <database>` reads one order a line and forks somebody for it: `import <file> <id>`,
`backup <file>`, `restore <file>`, `restore-unnoted <file>`. It says `ready` before the deed and `done` after it.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from day import say
from kit import PIN

from counter import keepsafe
from counter.debts import bring_debts
from counter.home import Home, open_home, pin_keeper, sit_down
from counter.people import user_named


def bring(home: Home, file: str, import_id: str) -> None:
    desk = sit_down(home)
    by = desk.see(user_named, login="ngan").user_id
    say("ready")
    facts = {"profile": "cmis", "encoding": "", "mode": "all", "import_id": UUID(import_id), "by": by}
    found = bring_debts(desk, home=home.path, file=file, **facts)  # type: ignore[arg-type]
    say(f"done {found['added'] + found['unchanged']}")


def backup(home: Home, file: str) -> None:
    desk = sit_down(home)
    say("ready")
    keepsafe.backup(home, desk, target=Path(file))
    say("done")


def restore(home: Home, file: str) -> None:
    say("ready")
    keepsafe.restore(home, source=Path(file), pins=pin_keeper(home), accept_older_by=("ngan", PIN))
    say("done")


def die(home: Home, file: str) -> None:
    """Restore, and be killed when the books are put back and it is not noted yet which they are."""

    def killed(put_back: Callable[..., object]) -> Callable[..., object]:
        def run(*words: object, **named: object) -> object:
            put_back(*words, **named)
            os.kill(os.getpid(), signal.SIGKILL)
            return None

        return run

    keepsafe.sqlite._take_the_place = killed(keepsafe.sqlite._take_the_place)  # type: ignore[assignment]
    keepsafe.postgres.load_dump = killed(keepsafe.postgres.load_dump)  # type: ignore[assignment]
    restore(home, file)


DEEDS = {"import": bring, "backup": backup, "restore": restore, "restore-unnoted": die}


def serve(home: str, url: str) -> None:
    """Fork somebody for each order."""
    for order in sys.stdin:
        name, *words = order.split()
        pid = os.fork()
        if pid == 0:
            try:
                DEEDS[name](open_home(home=home, db=url), *words)
            except BaseException:
                say("crashed " + traceback.format_exc().replace("\n", " | "))
            os._exit(0)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
