"""Where files lie, and one owner at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
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
