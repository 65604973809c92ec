"""Models that python-escpos knows, read from its data file alone.

The package itself is never imported: it parses the file in half a second, leaves a temporary folder behind and sets up
logging of its own.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from counter.errors import BadInput
from counter.locale import N_
from counter.printing.ops import Cut
from counter.printing.profile import COLUMNS, PrinterProfile
from counter.text import safe_text

_NARROW: Final = 384
_WIDE: Final = 576


class UnknownModel(BadInput):
    """No printer of this name in python-escpos' data."""

    why = N_("“{model}” is not a printer that is known.")
    todo = N_("Choose one of: {known}. Or leave the model empty and print the calibration page.")


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    """Printers for paper that understand ESC/POS; displays and Star's own language are left out."""
    spec = find_spec("escpos")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(next(iter(spec.submodule_search_locations))) / "capabilities.json"
    with path.open(encoding="utf-8") as file:
        profiles = json.load(file)["profiles"]
    return {
        name: facts
        for name, facts in profiles.items()
        if not facts["features"]["starCommands"] and facts["fonts"]["0"]["columns"] >= min(COLUMNS)
    }


def models() -> tuple[str, ...]:
    """The names, `default` and `simple` among them."""
    return tuple(sorted(_known()))


def profile_of_model(model: str) -> PrinterProfile:
    """What is known of a model. Code pages are not taken from here: a printer has to be seen printing them.

    Raises UnknownModel.
    """
    facts = _known().get(model)
    if facts is None:
        raise UnknownModel(model=safe_text(model, limit=40), known=", ".join(models()))
    features = facts["features"]
    columns = max(known for known in COLUMNS if known <= facts["fonts"]["0"]["columns"])
    return PrinterProfile(
        model=model,
        mode="raster" if features["bitImageRaster"] else "ascii",
        dots=_dots(facts["media"].get("width", {}).get("pixels"), columns=columns),
        columns=columns,
        native_qr=features["qrCode"],
        cut=_cut(features),
    )


def _dots(told: object, *, columns: int) -> int:
    if isinstance(told, int):
        return max(_NARROW, min(_WIDE, told // 8 * 8))
    return _NARROW if columns == min(COLUMNS) else _WIDE


def _cut(features: dict[str, bool]) -> Cut:
    if features["paperPartCut"]:
        return "part"
    return "full" if features["paperFullCut"] else "none"
