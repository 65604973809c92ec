"""Where files lie, one owner at a time, and rooms for what is half made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

NETWORK_KINDS: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "9p",
        "fuse.sshfs",
        "webdav",
        "davfs",
        "afpfs",
        "ceph",
        "fuse.ceph",
        "fuse.ceph-fuse",
        "glusterfs",
        "fuse.glusterfs",
        "lustre",
        "gfs2",
        "ocfs2",
        "beegfs",
        "vboxsf",
        "prl_fs",
        "vmhgfs",
        "fuse.vmhgfs-fuse",
        "fuse.rclone",
        "fuse.s3fs",
        "virtiofs",
    }
)


ROOM: Final = 64 * 1024
"""Bytes; SQLite's file of shared memory alone takes half of it."""


def has_no_room(path: Path) -> bool:
    """Whether the disk that holds the file is full."""
    try:
        return shutil.disk_usage(path.parent).free < ROOM
    except OSError:
        return False


def is_network_share(folder: Path) -> bool:
    """Whether `folder` lies on a network file system, where SQLite's locks and syncs cannot be trusted."""
    folder = folder.resolve()
    if sys.platform == "win32":
        import ctypes

        drive = folder.drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == 4
    return mount_kind(folder, _mounts()) in NETWORK_KINDS


def _mounts() -> list[tuple[str, str]]:
    """(mount point, kind), as the system lists them."""
    table = Path("/proc/self/mounts")
    if table.exists():
        rows = [line.split(" ") for line in table.read_text(errors="replace").splitlines()]
        return [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False).stdout
    places = [line.partition(" on ")[2].partition(" (") for line in said.splitlines()]
    return [(place, options.split(",")[0].rstrip(")")) for place, _, options in places]


def mount_kind(folder: Path, mounts: list[tuple[str, str]]) -> str:
    """The kind of the longest mount point that holds `folder`."""
    best, kind = "", ""
    for point, of in mounts:
        if (folder == Path(point) or Path(point) in folder.parents) and len(point) >= len(best):
            best, kind = point, of
    return kind


WORKROOMS: Final = (".copy-", ".restore-")
"""How the folders begin in which a copy or a restore is half made."""
_OWNER: Final = "owner"
_HALF_MADE: Final = frozenset(
    {_OWNER, "half.dump", *(f"{name}.db{tail}" for name in ("half", "trial") for tail in ("", "-wal", "-shm", "-journal"))}
)
_FORGOTTEN: Final = 24 * 3600.0
"""Seconds after which a folder that nobody signed, made by an older program, is nobody's."""


@contextmanager
def workroom(parent: Path, *, prefix: str) -> Iterator[Path]:
    """A folder for what is half made, gone at the end. Those that a killed process left there are cleared away first."""
    clear_away(parent)
    with TemporaryDirectory(dir=parent, prefix=prefix, ignore_cleanup_errors=True) as folder:
        owner = OneOwner(Path(folder) / _OWNER)
        owner.take()
        try:
            yield Path(folder)
        finally:
            owner.let_go()


def clear_away(parent: Path) -> None:
    """Take away the workrooms in `parent` whose process is dead: nobody holds their lock, and nothing else is in them."""
    try:
        with os.scandir(parent) as entries:
            ours = [one.path for one in entries if one.name.startswith(WORKROOMS) and one.is_dir(follow_symlinks=False)]
        for folder in map(Path, ours):
            if _is_left_behind(folder):
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # what cannot be looked at stays: it is only room on a disk


def _is_left_behind(folder: Path) -> bool:
    inside = list(folder.iterdir())
    if any(one.name not in _HALF_MADE or one.is_symlink() or one.is_dir() for one in inside):
        return False
    if (folder / _OWNER) not in inside:
        return all(time.time() - one.stat().st_mtime > _FORGOTTEN for one in (folder, *inside))
    owner = OneOwner(folder / _OWNER)
    is_dead = owner.take()
    owner.let_go()
    return is_dead


class OneOwner:
    """A lock of the operating system on a file: a second process is told no; a dead process lets go by itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Whether the lock is ours now."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
