"""The terminal screens.

Textual reads its environment while it is imported, so what must be said before is said here. Kitty keys are off: with
them an input method's commit of seven letters or more arrives as garbage (unfiled) and Windows loses accented letters
while NumLock is on (Textual #6667). Nothing moves by itself.
"""

import os

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
