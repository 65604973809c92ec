"""The program as a process of its own, forked from one that has its modules loaded: as real, and there much sooner."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import counter.__main__

PRELOADED: Final = ["sqlmodel", "alembic", "argon2", "typer", "counter.home", "counter.papers", "db.migrate"]
"""What every command loads before it looks at its words; counter.cli chooses the language first and is not among them."""
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(PRELOADED)


def run_program(*words: str, env: dict[str, str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """`counter words…` with nothing to read and exactly this environment. Raises TimeoutExpired."""
    with tempfile.TemporaryDirectory(prefix="quaythu-said-") as name:
        out, err = Path(name) / "out", Path(name) / "err"
        child = _CONTEXT.Process(target=_be_the_program, args=(list(words), env, os.getcwd(), str(out), str(err)))
        child.start()
        child.join(timeout)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise subprocess.TimeoutExpired(list(words), timeout)
        said = [file.read_text(encoding="utf-8") for file in (out, err)]
        return subprocess.CompletedProcess(list(words), child.exitcode, *said)


def _be_the_program(words: list[str], env: dict[str, str], folder: str, out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    for descriptor, place in enumerate((os.devnull, out, err)):
        opened = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(descriptor, mode, encoding="utf-8", errors=errors, closefd=False)
        for descriptor, mode, errors in ((0, "r", "strict"), (1, "w", "strict"), (2, "w", "backslashreplace"))
    )
    sys.argv = [counter.__main__.__file__, *words]
    try:
        sys.exit(counter.__main__.main())
    finally:
        atexit._run_exitfuncs()
