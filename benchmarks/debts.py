"""Files of debts to measure with: names as often as people carry them, a meter book's neighbours in one street or hamlet."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_HEADING: Final = (
    "MA_DVIQLY ID_HDON LOAI_HDON KY THANG NAM MA_KHANG MA_KHANGTT TEN_KHANG DCHI_KHANG DTHOAI MA_SOGCS STT SO_CTO DIEN_TTHU"
    " SO_TIEN TIEN_GTGT TONG_TIEN TYLE_THUE NGAY_PHANH LOAI_DCHINH"
)
HEADING: Final = tuple(_HEADING.split())
BOOK: Final = 400
"""Customers of one meter book."""
_FAMILY: Final = (
    "Nguyễn 38 Trần 11 Lê 9 Phạm 7 Hoàng 5 Phan 4 Vũ 4 Đặng 3 Bùi 3 Đỗ 2 Ngô 2 Dương 2 Huỳnh 1 Võ 1 Hồ 1 Lý 1 Đinh 1 Đào 1"
    " Trịnh 1 Lương 1 Mai 1 Hà 1 Tạ 1 Chu 1"
)
_MIDDLE: Final = (
    "Thị 34 Văn 30 Đức 4 Minh 4 Ngọc 4 Thanh 4 Hữu 3 Quang 3 Xuân 3 Đình 3 Thu 3 Hồng 2 Kim 2 Công 2 Bá 1 Tuấn 1"
)
_GIVEN: Final = (
    "An Anh Ánh Bắc Bình Bích Cảnh Chi Chiến Chính Chung Công Cúc Cường Dũng Dung Duy Duyên Dương Đạt Đông Đức Giang Giáp Hà"
    " Hạnh Hải Hằng Hậu Hiền Hiếu Hiệp Hoa Hòa Hoàn Hoàng Hồng Huệ Hùng Huy Huyền Hương Hường Khánh Khoa Khôi Kiên Lan Lâm"
    " Liên Linh Loan Long Lộc Luân Lương Ly Mai Mạnh Minh My Nam Nga Ngân Nghĩa Ngọc Nguyên Nhàn Nhân Nhung Oanh Phong Phú"
    " Phúc Phương Phượng Quân Quang Quyên Quyết Quỳnh Sáng Sơn Tài Tâm Tân Thái Thảo Thành Thắng Thiện Thịnh Thọ Thoa Thu"
    " Thúy Thủy Thư Tiến Tiếp Toàn Toản Trang Trinh Trung Trường Tú Tuấn Tùng Tuyết Uyên Vân Việt Vinh Vũ Xuân Yến"
)
_PLACES: Final = (
    "Đông Tây Nam Bắc Trung Thượng Hạ Đoài Chùa Đình Cầu Giếng Mới Ngoài Trong Gò Đồng Vườn Bãi Sậy Cả Chợ Hoa Lạc Phú Xuân"
    " Tân Yên An Hòa Bình Thịnh Lương Mỹ Hưng Quang Tiên Lục Đại Lâm Nghĩa Thái Đào Tam Dị Xương Giang Hương Sơn Thanh Kép"
    " Vôi Dĩnh Trì Kế"
)
_STREETS: Final = (
    "Lê Lợi,Nguyễn Huệ,Trần Phú,Hùng Vương,Quang Trung,Lý Thường Kiệt,Hai Bà Trưng,Ngô Quyền,Hoàng Văn Thụ,Nguyễn Trãi,"
    "Nguyễn Thị Minh Khai,Võ Nguyên Giáp,Lê Duẩn,Trần Hưng Đạo,Phan Bội Châu,Nguyễn Du,Chu Văn An,Đinh Tiên Hoàng,"
    "Cách Mạng Tháng Tám,Giáp Hải,Thân Nhân Trung,Xương Giang,Nguyễn Văn Cừ,Lê Hồng Phong,Hoàng Hoa Thám"
)
_DISTRICTS: Final = ("Lạng Giang", "Lục Nam", "Yên Dũng", "Việt Yên", "Hiệp Hòa")


def _weighted(words: str) -> tuple[list[str], list[int]]:
    parts = words.split()
    return parts[0::2], [int(weight) for weight in parts[1::2]]


def debts(count: int, *, begin: int = 0) -> Iterator[list[object]]:
    """`count` lines from the customer `begin` on, one bill each, in the order of the meter books; the same every time."""
    chance = random.Random(begin)
    families, middles, given, places = _weighted(_FAMILY), _weighted(_MIDDLE), _GIVEN.split(), _PLACES.split()
    streets = _STREETS.split(",")
    for first in range(begin, begin + count, BOOK):
        book, size = f"PA0501{first // BOOK:04d}", min(BOOK, begin + count - first)
        ward = f"{chance.choice(places)} {chance.choice(places)}"
        end = f"{ward}, {chance.choice(_DISTRICTS)}, Bắc Giang"
        is_town = chance.random() < 0.4
        hamlet = f"{chance.choice(places)} {chance.choice(places) if chance.random() < 0.3 else chance.randint(1, 12)}"
        street = chance.choice(streets)
        names = zip(
            chance.choices(families[0], families[1], k=size), chance.choices(middles[0], middles[1], k=size), strict=True
        )
        for position, (family, middle) in enumerate(names):
            place = first + position
            name = " ".join([family, middle, *chance.choices(given, k=1 if chance.random() < 0.9 else 2)])
            address = f"Số {position // 2 + 1}, đường {street}, phường {end}" if is_town else f"Thôn {hamlet}, xã {end}"
            code = f"PA05{chance.randint(1, 9):02d}{place:07d}"
            phone = f"09{chance.randrange(10**8):08d}" if chance.random() < 0.7 else ""
            meter = f"20{chance.randint(10, 25)}{chance.randrange(10**7):07d}"
            kwh = 50 + place * 7919 % 400
            net = kwh * 2380
            vat = (net * 8 + 50) // 100
            yield [
                *("PA0501", 100_000_000 + place, "TD", 1, 10, 2026, code, code, name, address, phone, book, position, meter),
                *(kwh, net, vat, net + vat, 8, "05/11/2026", ""),
            ]


def write_debts(path: Path, count: int, *, begin: int = 0) -> Path:
    """A CSV file of so many lines, as CMIS writes it: UTF-8 with its mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADING)
        out.writerows(debts(count, begin=begin))
    return path
