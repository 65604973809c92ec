"""Files that people name for the program to write: never over something that is theirs, and never over the home's own."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from counter.errors import BadInput, NotAvailable
from counter.folder import DATABASE, FIRST_LOOK, HEADS, LOG, PEPPER, SETTINGS
from counter.locale import N_

_OWN: Final = tuple(name.partition(".")[0] + "." for name in (DATABASE, SETTINGS, PEPPER, HEADS, FIRST_LOOK, LOG))
"""How the names of the home's own files begin, with what stands beside the database's file."""


class FileInTheWay(BadInput):
    """There is something else under that name."""

    why = N_("{path} is not ours to write: there is another file, or the name belongs to the program.")
    todo = N_("Give another name; nothing was written.")


class NoSuchFolder(BadInput):
    """The folder of a named file is not there: perhaps a stick that is not plugged in."""

    why = N_("There is no folder {path}.")
    todo = N_("Check the name and that the disk or stick is there; nothing was written.")


class FileNotWritten(NotAvailable):
    """The system did not let us write."""

    why = N_("{path} could not be written: {detail}")
    todo = N_("Check the disk and the right to write there, or choose another place.")


def refuse_place(path: Path, *, home: Path) -> None:
    """The folder must be there, and the name must not be one of the home's. Raises NoSuchFolder, FileInTheWay."""
    try:
        folder = path.parent.resolve(strict=True)
    except OSError:
        raise NoSuchFolder(path=path.parent) from None
    if not folder.is_dir():
        raise NoSuchFolder(path=path.parent)
    if path.is_symlink() or path.is_dir() or (folder == home and f"{path.name.lower()}.".startswith(_OWN)):
        raise FileInTheWay(path=path)


def write_new(path: Path, data: bytes, *, home: Path) -> None:
    """Write a file that is not there yet; one with these very bytes stays. Raises as `refuse_place`, and FileNotWritten."""
    refuse_place(path, home=home)
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return
        with path.open("xb") as file:
            _write(file.fileno(), data, path)
    except FileExistsError:
        raise FileInTheWay(path=path) from None
    except OSError as error:
        raise FileNotWritten(path=path, detail=error.strerror) from error


def _write(descriptor: int, data: bytes, path: Path) -> None:
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
