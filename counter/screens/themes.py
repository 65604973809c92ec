"""Four looks: dark, light, high contrast, and one for the sixteen colours of a console.

Colours follow the Okabe-Ito palette, which people with any colour blindness can tell apart; no state is said by colour
alone (NoticeLine adds a glyph and a word, the focus another border, the cursor a mark).
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="quay-dark",
    primary="#56b4e9",
    secondary="#0072b2",
    accent="#e6b84f",
    foreground="#e8edf2",
    background="#0f141a",
    surface="#161d26",
    panel="#1f2933",
    success="#3fbf93",
    warning="#e6b84f",
    error="#ff8f6b",
    dark=True,
    variables={
        "border": "#e6b84f",
        "border-blurred": "#3b4a5a",
        "block-cursor-foreground": "#0f141a",
        "block-cursor-background": "#e6b84f",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#0072b2",
        "footer-background": "#1f2933",
        "footer-key-foreground": "#e6b84f",
    },
)
LIGHT: Final = Theme(
    name="quay-light",
    primary="#005a8c",
    secondary="#0072b2",
    accent="#8a5a00",
    foreground="#1b232b",
    background="#f4f2ec",
    surface="#fffdf8",
    panel="#e6e3da",
    success="#00694d",
    warning="#7a4f00",
    error="#a83a00",
    dark=False,
    variables={
        "border": "#005a8c",
        "border-blurred": "#b4b0a4",
        "block-cursor-foreground": "#fffdf8",
        "block-cursor-background": "#005a8c",
        "block-cursor-text-style": "bold",
        "input-selection-background": "#a9d6f2",
        "footer-background": "#e6e3da",
        "footer-key-foreground": "#005a8c",
    },
)
_WHITE = dict.fromkeys(("text", "text-muted", "text-disabled", "foreground-muted", "border-blurred"), "#ffffff")
CONTRAST: Final = Theme(
    name="quay-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    boost="#000000",
    success="#ffffff",
    warning="#ffff00",
    error="#ffff00",
    dark=True,
    text_alpha=1.0,
    variables={
        **_WHITE,
        "text-success": "#ffffff",
        "text-warning": "#ffff00",
        "text-error": "#ffff00",
        "border": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff00",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#ffff00",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#ffff00",
        "input-selection-foreground": "#000000",
        "footer-background": "#000000",
        "footer-foreground": "#ffffff",
        "footer-key-foreground": "#ffff00",
        "scrollbar": "#ffffff",
        "scrollbar-background": "#000000",
    },
)
CONSOLE: Final = Theme(
    name="quay-console",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_blue",
    accent="ansi_yellow",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        # the Linux console renders dim and bright black as nothing at all (Textual #5907): muted is plain
        "text-muted": "ansi_default",
        "text-disabled": "ansi_default",
        "border": "ansi_yellow",
        "border-blurred": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "footer-key-foreground": "ansi_yellow",
        "scrollbar-background": "ansi_black",
        "scrollbar": "ansi_white",
    },
)
THEMES: Final = (DARK, LIGHT, CONTRAST, CONSOLE)
