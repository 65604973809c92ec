"""Files of debts for tests: lines with sensible fields, written as CSV or XLSX, staged and brought in."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from counter.bills import BroughtIn, Staged, bring_in, load_profile, stage
from counter.desk import Desk
from counter.ids import new_id
from counter.people import user_named

_HEADING = (
    "MA_DVIQLY ID_HDON LOAI_HDON KY THANG NAM MA_KHANG MA_KHANGTT TEN_KHANG DCHI_KHANG DTHOAI MA_SOGCS STT SO_CTO DIEN_TTHU"
    " SO_TIEN TIEN_GTGT TONG_TIEN TYLE_THUE NGAY_PHANH LOAI_DCHINH"
)
HEADING = _HEADING.split()
AN = "PA05LG0000001"
BINH = "PA05LG0000002"


def line(number: Any = 1001, code: str = AN, **other: Any) -> dict[str, Any]:
    """A right line of 108.000 đồng; any column may be said otherwise by its name."""
    return {
        **{"MA_DVIQLY": "PA0501", "ID_HDON": number, "LOAI_HDON": "TD", "KY": 1, "THANG": 10, "NAM": 2026},
        **{"MA_KHANG": code, "MA_KHANGTT": code, "TEN_KHANG": "Nguyễn Văn An", "DTHOAI": "0912345678"},
        **{"DCHI_KHANG": "Số 12, thôn Đông, xã Tân Dĩnh", "MA_SOGCS": "LG01", "STT": 3, "SO_CTO": "2019012345"},
        **{"DIEN_TTHU": 50, "SO_TIEN": 100000, "TIEN_GTGT": 8000, "TONG_TIEN": 108000, "TYLE_THUE": 8},
        **{"NGAY_PHANH": "05/11/2026", "LOAI_DCHINH": ""},
        **other,
    }


def csv_bytes(*lines: dict[str, Any], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """The lines under the heading of their own columns."""
    out = io.StringIO()
    columns = list(lines[0]) if lines else HEADING
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode(encoding)


def debts(folder: Path, *lines: dict[str, Any], name: str = "no.csv", **how: str) -> Path:
    """A CSV file of these lines."""
    path = folder / name
    path.write_bytes(csv_bytes(*lines, **how))
    return path


def staged(path: Path, profile: str = "cmis") -> Staged:
    return stage(path, profile=load_profile(profile))


def bring(desk: Desk, path: Path, *, login: str = "ngan", **named: Any) -> BroughtIn:
    """The file brought in whole."""
    with staged(path) as place:
        named.setdefault("import_id", new_id())
        return desk.do(bring_in, staged=place, by=desk.see(user_named, login=login).user_id, **named)
