"""A lifelike office to look around in: people, tills and a month of debts, brought in through the real import."""

from __future__ import annotations

import contextlib
import csv
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from counter import bills, office, people, queue, shifts
from counter.clock import StillClock, SystemClock, local_day
from counter.config import load_settings
from counter.debts import bring_debts
from counter.desk import Desk, open_desk
from counter.errors import Refused
from counter.folder import DATABASE, address_of, home_named
from counter.home import Home, make_pepper, open_home, pin_keeper
from counter.ids import new_id
from counter.locale import N_, _
from counter.money import Dong
from db.states import Role

OFFICE: Final = "PA0501"
PEOPLE: Final = (
    ("lan", "Trần Thị Lan", Role.CASHIER, "111111"),
    ("huong", "Lê Thu Hương", Role.CASHIER, "111111"),
    ("tra", "Ngô Văn Trà", Role.AUDITOR, "333333"),
    ("son", "Hoàng Ngọc Sơn", Role.COLLECTOR, "444444"),
)
TILLS: Final = ("Q1", "Q2", "Q3")
FAMILY: Final = tuple(
    "Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Phùng Đinh Giáp".split()  # noqa: SIM905
)
MIDDLE: Final = tuple("Văn Văn Thị Thị Đức Minh Thu Ngọc Hữu Quang Thanh Xuân Đình Công Kim Hồng".split())  # noqa: SIM905
GIVEN: Final = tuple(
    "An Bình Chiến Cường Dũng Dung Đạt Giang Hà Hải Hạnh Hằng Hiếu Hoa Hòa Hùng Huệ Hương Khánh Lan Linh Loan Long Mai "  # noqa: SIM905
    "Mạnh "
    "Nam Nga Ngân Nghĩa Nhung Phong Phúc Phương Quân Quý Sơn Tâm Thảo Thắng Thủy Tiến Trang Trung Tuấn Tú Vân Việt Yến "
    "Ế Ưng".split()
)
PLACES: Final = (
    "Thôn Đông, xã Tân Dĩnh",
    "Thôn Nùa Quán, xã Yên Mỹ",
    "Thôn Mỹ Lộc, xã Mỹ Thái",
    "Tổ dân phố Toàn Mỹ, thị trấn Vôi",
    "Thôn Đại Phú, xã Phi Mô",
    "Xóm Chùa, xã Xương Lâm",
    "Thôn Ước Lễ, xã Mỹ Hà",
    "Phố Cả Trọng, thị trấn Kép",
)
COLUMNS: Final = tuple(
    "MA_DVIQLY ID_HDON LOAI_HDON KY THANG NAM MA_KHANG MA_KHANGTT TEN_KHANG DCHI_KHANG DTHOAI MA_SOGCS STT SO_CTO "  # noqa: SIM905
    "DIEN_TTHU SO_TIEN TYLE_THUE TIEN_GTGT TONG_TIEN NGAY_PHANH LOAI_DCHINH".split()
)


BOSS: Final = UUID("01900000-0000-7000-8000-00000000da01")
"""The demo's first supervisor: whose office this is can be told."""


class NotTheDemo(Refused):
    """The demo's people have PINs that everybody knows: it never goes where a real office is."""

    why = N_("There is an office in {place} that is not the demo's.")
    todo = N_("Leave --home and --db out, or name an empty folder; nothing was changed.")


def demo_home(*, home: str | None = None, db: str | None = None, lang: str | None = None) -> Home:
    """The demo's own home, or the one that was named; never what the environment says a real office works with."""
    from platformdirs import user_data_path

    path = home_named(home or str(user_data_path("quaythu-demo", appauthor=False))).resolve()
    return open_home(home=str(path), db=db or address_of(path / DATABASE), lang=lang)


def debts(*, customers: int, bills: int, seed: int, year: int, month: int) -> Iterator[list[str]]:
    """The lines of a file of debts as CMIS writes them: `bills` bills of up to three periods for `customers` people."""
    chance = random.Random(seed)
    people = [_person(chance, place) for place in range(customers)]
    for number in range(bills):
        code, name, address, phone, book, position, meter = people[number % customers]
        back = number // customers % 3
        at = year * 12 + month - 1 - back
        kwh = max(3, int(chance.gauss(180, 110)))
        net = _price(kwh)
        vat = (net * 8 + 50) // 100
        kind = "VC" if chance.random() < 0.01 else "TD"
        yield [
            OFFICE, str(800_000_000 + number), kind, "1", str(at % 12 + 1), str(at // 12), code, code, name, address, phone,
            book, str(position), meter, str(kwh), str(net), "8", str(vat), str(net + vat),
            f"05/{at % 12 + 1:02d}/{at // 12}", "",
        ]  # fmt: skip


def _person(chance: random.Random, place: int) -> tuple[str, str, str, str, str, int, str]:
    name = " ".join((chance.choice(FAMILY), chance.choice(MIDDLE), chance.choice(GIVEN)))
    if chance.random() < 0.03:
        name = f"Công ty TNHH {chance.choice(GIVEN)} {chance.choice(GIVEN)}"
    address = f"Số {chance.randint(1, 300)}, {PLACES[place // 150 % len(PLACES)]}"
    phone = "0" + chance.choice("3579") + f"{chance.randrange(10**8):08d}"
    book = f"{OFFICE}{place // 150 + 1:03d}"
    return f"{OFFICE}{place + 1:07d}", name, address, phone, book, place % 150 + 1, f"{10**7 + place * 7}"


def _price(kwh: int) -> int:
    """Đồng without VAT by the tiers of 10/5/2025, for likely looking amounts only."""
    rest, sum_, steps = kwh, 0, ((50, 1984), (50, 2050), (100, 2380), (100, 2998), (100, 3350), (10**9, 3460))
    for width, price in steps:
        part = min(rest, width)
        sum_ += part * price
        rest -= part
    return sum_


def lay_out(home: Home, *, customers: int, bills: int, seed: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Make the demo office unless it is there, and say what is in it."""
    make_pepper(home)
    home = replace(home, settings=load_settings(home.path, lang=home.settings.lang, pin_cost="light"))
    desk = open_desk(url=home.url, home=home.path, office_id=OFFICE, pins=pin_keeper(home))
    _refuse_real(desk)
    now, desk.clock = desk.clock, StillClock(desk.clock.now() - timedelta(days=1))
    _staff(desk)  # yesterday: who got a PIN today is no second person for who gave it
    desk.clock = now
    _fill_safe(desk)
    if _is_bare(desk):
        progress(_("Bringing in {n} bills…").format(n=bills))
        _bring(desk, home, customers=customers, bills=bills, seed=seed)
    _open_queue(desk, seed=seed)
    facts = _facts(desk, home)
    desk.database.close()
    return facts


def _is_bare(desk: Desk) -> bool:
    return not desk.see(bills.totals).customers


def _refuse_real(desk: Desk) -> None:
    """Raises NotTheDemo, before anything is written into an office."""
    codes = desk.see(office.office_codes)
    if not codes:
        return
    with contextlib.suppress(people.UnknownUser):
        if codes == [OFFICE] and desk.see(people.user_named, login="ngan").user_id == BOSS:
            return
    raise NotTheDemo(place=desk.database.engine.url.render_as_string(hide_password=True))


def _staff(desk: Desk) -> None:
    """The office and its people, each where it is not there yet: a demo that was cut off goes on."""
    if OFFICE not in desk.see(office.office_codes):
        _open(desk)
    there = {user.login for user in desk.see(people.users, now=desk.clock.now())}
    for code in TILLS:
        if code not in desk.see(office.tills):
            desk.do(office.add_till, code=code, by=BOSS)
    for login, name, role, pin in PEOPLE:
        if login not in there:
            pin_hash = desk.pins.hash(pin)
            desk.do(people.add_user, user_id=new_id(), login=login, name=name, role=role, pin_hash=pin_hash, by=BOSS)


SAFE_FIRST: Final = UUID("01900000-0000-7000-8000-00000000da02")
"""The cash that lies in the demo's safe at first is noted once."""


def _fill_safe(desk: Desk) -> None:
    reason = "Tiền lẻ nhận từ ngân hàng"
    desk.do(shifts.fill_safe, move_id=SAFE_FIRST, amount=Dong(50_000_000), reason=reason, by=BOSS)


def _open(desk: Desk) -> None:
    desk.do(
        office.open_office,
        name="Điện lực Lạng Giang",
        address="Thị trấn Vôi, Lạng Giang, Bắc Giang",
        phone="19006769",
        supervisor_id=BOSS,
        supervisor_login="ngan",
        supervisor_name="Vũ Thị Ngân",
        pin_hash=desk.pins.hash("222222"),
    )


def _bring(desk: Desk, home: Home, *, customers: int, bills: int, seed: int) -> None:
    today = local_day(SystemClock().now())
    path = home.path / "HDN_HDON.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        out.writerows(debts(customers=customers, bills=bills, seed=seed, year=today.year, month=today.month))
    bring_debts(
        desk,
        home=home.path,
        file=os.fspath(path),
        profile="cmis",
        encoding="",
        mode="all",
        import_id=new_id(),
        by=BOSS,
    )


BOOKED_IN_DEMO: Final = 40


def _open_queue(desk: Desk, *, seed: int) -> None:
    """Today's slots, and some bookings in those that are still to come; a demo that is opened again keeps what it has."""
    now, chance = desk.clock.now(), random.Random(seed)
    today = local_day(now)
    desk.do(queue.lay_out, day=today)
    slots = desk.see(queue.slots, day=today, now=now).slots
    if any(one.booked for one in slots):
        return
    free = [one.minute for one in slots if not one.is_over for _ in range(one.free)]
    people = desk.see(bills.totals).customers
    codes = [f"{OFFICE}{people - back:07d}" for back in range(min(BOOKED_IN_DEMO, people // 4))]
    for minute, code in zip(chance.sample(free, len(free)), codes, strict=False):
        priority = chance.choice(("", "", "", "", "elderly", "pregnant"))
        with contextlib.suppress(queue.AlreadyBooked):
            desk.do(queue.book, ticket_id=new_id(), day=today, slot=minute, customer_code=code, class_code=priority, by=None)


def _facts(desk: Desk, home: Home) -> dict[str, Any]:
    counted = desk.see(bills.totals)
    return {
        "home": home.path,
        "office": desk.see(office.the_office).code,
        "users": [{"login": u.login, "role": u.role} for u in desk.see(people.users, now=desk.clock.now())],
        "tills": [{"code": code} for code in desk.see(office.tills)],
        "customers": counted.customers,
        "bills": counted.bills,
        "owed": Dong(counted.owed),
    }
