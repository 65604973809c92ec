"""Backup and restore on SQLite: nothing that was acknowledged is lost, nothing that is not ours is written over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from kit import PIN, open_test_office, put_bill

from counter.desk import DatabaseBusy, Desk
from counter.home import Home, open_home, pin_keeper, remember_heads, sit_down
from counter.keepsafe import BackupIsAnother, BackupIsOlder, NotABackup, ProgramRuns, backup, heads_of, restore
from counter.keepsafe import sqlite as keepsafe
from counter.office import add_till, tills
from counter.outside import FileInTheWay, NoSuchFolder, refuse_place, write_new
from counter.people import NotAllowed, UserLocked, WrongPin, user_named
from db.engine import open_database
from db.migrate import bring_up_to_date
from db.places import OneOwner

NGAN = ("ngan", PIN)


def make_home(path: Path) -> Home:
    path.mkdir()
    (path / "pepper").write_bytes(b"0123456789abcdef")
    (path / "settings.toml").write_text('pin_cost = "light"\n')
    return open_home(home=str(path))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home under a name that an address would misread."""
    return make_home(tmp_path / "quầy 50% #1?x")


@pytest.fixture
def at_work(home: Home) -> Iterator[Desk]:
    database = open_database(home.url)
    bring_up_to_date(database)
    desk = open_test_office(database)
    yield desk
    database.close()


def go_on(desk: Desk, *codes: str) -> None:
    """One more row of the office's journal for each till that is added."""
    for code in codes:
        desk.do(add_till, code=code, by=desk.see(user_named, login="ngan").user_id)


def put_back(home: Home, source: Path, by: tuple[str, str] | None = None) -> None:
    restore(home, source=source, pins=pin_keeper(home), accept_older_by=by)


def tills_of(home: Home) -> list[str]:
    desk = sit_down(home)
    found = desk.see(tills)
    desk.database.close()
    return found


def test_a_home_with_an_odd_name_keeps_its_database_inside(home: Home, at_work: Desk) -> None:
    assert (home.path / "counter.db").exists()
    assert [one.name for one in home.path.parent.iterdir()] == [home.path.name]


def test_a_backup_is_restored_and_what_was_there_stays_beside_it(home: Home, at_work: Desk, tmp_path: Path) -> None:
    made = backup(home, at_work, target=tmp_path / "b.db")
    assert made.heads == heads_of(at_work) and made.size == (tmp_path / "b.db").stat().st_size
    at_work.do(put_bill, code="PA05LG0000001", number=1, amount=1000)  # nothing of the journal: as new as the books
    put_back(home, made.path)
    assert at_work.see(lambda session: session.connection().exec_driver_sql("SELECT count(*) FROM bill").scalar()) == 0
    (aside,) = home.path.glob("counter.replaced-*.db")
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM bill").fetchone() == (1,)


def test_who_goes_on_during_a_restore_writes_into_the_restored_books(home: Home, at_work: Desk, tmp_path: Path) -> None:
    """A command that had the file open is not left with a file that nobody reads any more."""
    backup(home, at_work, target=tmp_path / "b.db")
    put_back(home, tmp_path / "b.db")
    go_on(at_work, "Q7")
    assert "Q7" in tills_of(home)


def test_an_older_backup_needs_a_supervisor(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "old.db")
    go_on(at_work, "Q3")
    with pytest.raises(BackupIsOlder):
        put_back(home, tmp_path / "old.db")
    with pytest.raises(NotAllowed):
        put_back(home, tmp_path / "old.db", ("lan", PIN))
    assert "Q3" in tills_of(home)
    put_back(home, tmp_path / "old.db", NGAN)
    assert "Q3" not in tills_of(home)


def test_a_backup_of_other_books_is_refused_however_long_it_is(home: Home, at_work: Desk, tmp_path: Path) -> None:
    """An older copy that went on by itself has as many rows as the books, and yet not those that were seen."""
    other = make_home(tmp_path / "other")
    backup(home, at_work, target=tmp_path / "old.db")
    shutil.copy(tmp_path / "old.db", other.path / "counter.db")
    go_on(at_work, "Q3")
    fork = sit_down(other)
    go_on(fork, "Q4", "Q5", "Q6")
    backup(other, fork, target=tmp_path / "fork.db")
    fork.database.close()
    with pytest.raises(BackupIsAnother):
        put_back(home, tmp_path / "fork.db")
    assert tills_of(home) == ["Q1", "Q2", "Q3"]


def test_wrong_pins_of_a_restore_are_counted_like_all_others(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "old.db")
    go_on(at_work, "Q3")
    for _ in range(4):
        with pytest.raises(WrongPin):
            put_back(home, tmp_path / "old.db", ("ngan", "000000"))
    for pin in ("000000", PIN):
        with pytest.raises(UserLocked):
            put_back(home, tmp_path / "old.db", ("ngan", pin))


def test_what_is_written_between_the_look_and_the_lock_is_not_lost(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "b.db")
    seen = heads_of(at_work)
    go_on(at_work, "Q3")
    with pytest.raises(keepsafe._WentOn):
        keepsafe._into(home.path / "counter.db", tmp_path / "b.db", live=at_work, seen=seen, deadline=time.monotonic())
    assert "Q3" in tills_of(home)


def test_a_writer_that_does_not_end_keeps_a_restore_out(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "b.db")
    with closing(sqlite3.connect(home.path / "counter.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            keepsafe._into(
                home.path / "counter.db", tmp_path / "b.db", live=at_work, seen=heads_of(at_work), deadline=time.monotonic()
            )


def test_a_restore_under_a_running_program_is_refused(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "b.db")
    lock = OneOwner(home.path / "counter.lock")
    assert lock.take()
    with pytest.raises(ProgramRuns):
        put_back(home, tmp_path / "b.db")
    lock.let_go()
    put_back(home, tmp_path / "b.db")


HALF_WAY = """
import sys
from pathlib import Path
from db.places import workroom
with workroom(Path(sys.argv[1]), prefix=sys.argv[2]) as folder:
    (folder / "half.db").write_bytes(b"half a copy")
    print("there", flush=True)
    sys.stdin.read()
"""


@contextmanager
def half_way(where: Path, prefix: str) -> Iterator[subprocess.Popen[str]]:
    """A process that is in the middle of a copy."""
    where.mkdir(exist_ok=True)
    command = [sys.executable, "-c", HALF_WAY, str(where), prefix]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "there\n"
        try:
            yield process
        finally:
            process.kill()


def left(where: Path) -> list[str]:
    return sorted(one.name.partition("-")[0] for one in where.iterdir() if one.name.startswith((".copy-", ".restore-")))


def test_what_a_killed_backup_or_restore_left_is_cleared_away_at_the_next_start(home: Home, at_work: Desk) -> None:
    for where, prefix in ((home.path, ".restore-"), (home.path / "backups", ".copy-")):
        with half_way(where, prefix) as process:
            process.kill()
            process.wait()
        assert left(where) == [prefix.strip("-")]
    sit_down(home).database.close()
    assert (left(home.path), left(home.path / "backups")) == ([], [])


def test_what_a_killed_backup_left_is_cleared_away_by_the_next_one(home: Home, at_work: Desk, tmp_path: Path) -> None:
    with half_way(tmp_path / "usb", ".copy-") as process:
        process.kill()
        process.wait()
    backup(home, at_work, target=tmp_path / "usb" / "copy.db")
    assert [one.name for one in (tmp_path / "usb").iterdir()] == ["copy.db"]


def test_a_copy_that_is_just_made_is_left_alone_and_so_is_what_is_not_ours(
    home: Home, at_work: Desk, tmp_path: Path
) -> None:
    usb = tmp_path / "usb"
    with half_way(usb, ".copy-"):
        for name, inside in ((".copy-of-holidays", "photo.jpg"), (".copy-new", "half.db")):
            (usb / name).mkdir()
            (usb / name / inside).write_bytes(b"x")
        (usb / ".copy-link").symlink_to(tmp_path)
        backup(home, at_work, target=usb / "copy.db")
        assert len(left(usb)) == 4
    long_ago = time.time() - 90_000
    for one in (usb / ".copy-new", usb / ".copy-new" / "half.db"):
        os.utime(one, (long_ago, long_ago))
    backup(home, at_work, target=usb / "copy.db")  # of the killed one, and of an older program, nothing is left
    assert sorted(one.name for one in usb.iterdir()) == [".copy-link", ".copy-of-holidays", "copy.db"]


def test_a_restore_leaves_nothing_beside_the_backup(home: Home, at_work: Desk, tmp_path: Path) -> None:
    """It may lie on a disk that cannot be written."""
    (tmp_path / "stick").mkdir()
    backup(home, at_work, target=tmp_path / "stick" / "b.db")
    put_back(home, tmp_path / "stick" / "b.db")
    assert [one.name for one in (tmp_path / "stick").iterdir()] == ["b.db"]
    assert not list(home.path.glob(".restore-*"))


def test_a_book_that_cannot_be_read_is_laid_aside_whole(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "b.db")
    at_work.database.close()
    for tail in ("-wal", "-shm"):
        (home.path / f"counter.db{tail}").unlink(missing_ok=True)
    (home.path / "counter.db").write_bytes(b"torn" * 5000)
    put_back(home, tmp_path / "b.db")
    assert tills_of(home) == ["Q1", "Q2"]
    (aside,) = home.path.glob("counter.replaced-*.db")
    assert aside.read_bytes().startswith(b"torn")


def test_the_heads_outside_tell_an_older_backup_where_the_books_are_gone(home: Home, at_work: Desk, tmp_path: Path) -> None:
    backup(home, at_work, target=tmp_path / "old.db")
    go_on(at_work, "Q3")
    remember_heads(home, heads_of(at_work))
    at_work.database.close()
    for one in home.path.glob("counter.db*"):
        one.unlink()
    with pytest.raises(BackupIsOlder):
        put_back(home, tmp_path / "old.db")
    put_back(home, tmp_path / "old.db", NGAN)
    assert tills_of(home) == ["Q1", "Q2"]


def test_what_is_no_whole_backup_is_refused(home: Home, at_work: Desk, tmp_path: Path) -> None:
    good = backup(home, at_work, target=tmp_path / "b.db").path
    (tmp_path / "text.db").write_text("xin chào")
    (tmp_path / "half.db").write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    (tmp_path / "empty.db").write_bytes(b"")
    shutil.copy(good, tmp_path / "edited.db")
    with closing(sqlite3.connect(tmp_path / "edited.db")) as edited:
        edited.execute("UPDATE app_user SET role = 'supervisor'")
        edited.commit()
    for name in ("missing.db", "text.db", "half.db", "empty.db", "edited.db", "."):
        with pytest.raises(NotABackup):
            put_back(home, tmp_path / name)
    assert tills_of(home) == ["Q1", "Q2"]


# --- what may be written over -------------------------------------------------------------------------------------------


OWN = (
    "counter.db",
    "counter.db-wal",
    "counter.db-shm",
    "pepper",
    "settings.toml",
    "heads.json",
    "counter.log",
    "counter.lock",
)


@pytest.mark.parametrize("name", OWN)
def test_no_file_of_the_home_is_written_over(home: Home, at_work: Desk, name: str) -> None:
    before = {one.name: one.read_bytes() for one in home.path.iterdir() if one.is_file()}
    with pytest.raises(FileInTheWay):
        backup(home, at_work, target=home.path / name)
    with pytest.raises(FileInTheWay):
        write_new(home.path / name, b"paper", home=home.path)
    assert {one.name: one.read_bytes() for one in home.path.iterdir() if one.is_file()} == before


def test_nothing_of_others_is_written_over(home: Home, at_work: Desk, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.txt"
    theirs.write_text("của người khác")
    (tmp_path / "link").symlink_to(home.path / "pepper")
    (tmp_path / "loose").symlink_to(tmp_path / "nowhere")
    (tmp_path / "hard").hardlink_to(home.path / "counter.db")
    for name in ("theirs.txt", "link", "loose", "hard", "."):
        with pytest.raises(FileInTheWay):
            backup(home, at_work, target=tmp_path / name)
        with pytest.raises(FileInTheWay):
            write_new(tmp_path / name, b"paper", home=home.path)
    assert theirs.read_text() == "của người khác" and not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_not_there_is_not_made(home: Home, at_work: Desk, tmp_path: Path) -> None:
    """A stick that is not plugged in must not become a folder on the same disk."""
    for place in (tmp_path / "stick" / "b.db", home.path / "pepper" / "b.db"):
        with pytest.raises(NoSuchFolder):
            backup(home, at_work, target=place)
        with pytest.raises(NoSuchFolder):
            refuse_place(place, home=home.path)
    assert not (tmp_path / "stick").exists()


def test_a_backup_renews_an_older_one_of_the_same_books_only(home: Home, at_work: Desk, tmp_path: Path) -> None:
    daily, other = tmp_path / "daily.db", make_home(tmp_path / "other")
    backup(home, at_work, target=daily)
    shutil.copy(daily, other.path / "counter.db")
    go_on(at_work, "Q3")
    assert backup(home, at_work, target=daily).heads == heads_of(at_work)
    behind = sit_down(other)
    with pytest.raises(FileInTheWay):  # the file holds rows that these books do not hold
        backup(other, behind, target=daily)
    behind.database.close()


def test_a_paper_is_written_once_and_the_same_paper_again_is_no_fault(home: Home, tmp_path: Path) -> None:
    for _ in range(2):
        write_new(tmp_path / "r.pdf", b"%PDF", home=home.path)
    with pytest.raises(FileInTheWay):
        write_new(tmp_path / "r.pdf", b"%PDG", home=home.path)
    assert (tmp_path / "r.pdf").read_bytes() == b"%PDF"
