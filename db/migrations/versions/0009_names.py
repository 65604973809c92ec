"""Customers are found by the end of their name as well: `N` and the folded words from the last to the first."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

AT_ONCE = 5_000
LONGEST = 47
STROKES = str.maketrans("đĐðÐ", "dddd")


def upgrade() -> None:
    run, last = op.get_bind().execute, {"office_id": "", "code": ""}
    page = sa.text(
        "SELECT office_id, customer_code, name FROM customer WHERE (office_id, customer_code) > (:office_id, :code)"
        " ORDER BY office_id, customer_code LIMIT :most"
    )
    key = sa.text("INSERT INTO customer_number (office_id, k, customer_code) VALUES (:office_id, :k, :code)")
    while rows := run(page, {**last, "most": AT_ONCE}).all():
        keys = [{"office_id": office, "k": name_key(name), "code": code} for office, code, name in rows]
        if named := [one for one in keys if one["k"] != "N"]:
            run(key, named)
        last = {"office_id": rows[-1][0], "code": rows[-1][1]}


def name_key(name: str) -> str:
    """As the program made it when this was written (counter/bills/rules.py, counter/text.py)."""
    words = "".join(map(_fold, name)).split()
    return "N" + " ".join(reversed(words))[:LONGEST]


def _fold(character: str) -> str:
    bare = unicodedata.normalize("NFD", character).translate(STROKES).lower()
    kinds = ((c, unicodedata.category(c)) for c in bare)
    return "".join(c if kind[0] in "LN" or kind == "Mc" else " " for c, kind in kinds if kind not in ("Mn", "Me", "Cf"))
