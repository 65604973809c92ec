"""What a screen drew is let go when the screen is closed."""

from __future__ import annotations

import gc
import weakref

from textual._styles_cache import StylesCache
from textual.color import Color

from counter.screens import app_base  # noqa: F401 - mends Textual when it is imported


def test_the_lines_of_a_closed_screen_are_not_kept_by_textuals_cache_of_colours() -> None:
    drawn = StylesCache()
    inner, outer = drawn.get_inner_outer(Color(10, 20, 30), Color(40, 50, 60))
    assert (inner.background, outer.background) == (Color(40, 50, 60), Color(10, 20, 30))
    held = weakref.ref(drawn)
    del drawn
    gc.collect()
    assert held() is None
