"""Memory that Textual 8.2.8 keeps for nothing, given back.

`StylesCache.get_inner_outer` is an `lru_cache(1024)` on a method: its keys hold the last 1,024 `StylesCache` objects and
with them every rendered line of closed screens, about 50 MiB here (benchmarks/memory.py). The colours alone are the key it
needs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from textual._styles_cache import StylesCache


def mend() -> None:
    """Key the cache by its two colours. Again: nothing more happens."""
    given = getattr(StylesCache.get_inner_outer, "__wrapped__", None)
    if given is None:
        return

    @lru_cache(1024)
    def by_colours(base_background: Any, background: Any) -> Any:
        return given(StylesCache, base_background, background)

    def get_inner_outer(_self: StylesCache, base_background: Any, background: Any) -> Any:
        return by_colours(base_background, background)

    StylesCache.get_inner_outer = get_inner_outer  # type: ignore[method-assign,assignment]
