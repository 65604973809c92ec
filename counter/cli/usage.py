"""Words that are no command: said in the user's language, before any home is open."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Final

from counter.errors import BadInput
from counter.glance import glance
from counter.locale import LANGUAGES, N_, _

FRAME: Final = ("--home", "--db", "--lang")
"""The options that stand before a command."""
_NO_COMMAND: Final = re.compile(r"No such command '(?P<name>.*)'\.?", re.DOTALL)


class WrongUsage(BadInput):
    """A command, an option or a value that there is not."""

    why = N_("The command cannot be read: {problem}")
    todo = N_("See the commands in docs/cli.md, or add --help.")


def frame_of(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """The options before the command, and the words from the command on."""
    told: dict[str, str] = {}
    rest = list(words)
    while rest:
        name, given, value = rest[0].partition("=")
        if name not in FRAME or not (given or rest[1:]):
            break
        del rest[0]
        told[name] = value if given else rest.pop(0)
    return told, rest


def language_of(told: dict[str, str]) -> str:
    """The language to speak before the home is open: as told, as the environment says, as the home's settings say."""
    lang = told.get("--lang") or os.environ.get("COUNTER_LANG")
    if not lang:
        seen = glance(home=told.get("--home") or None, db=told.get("--db") or None, lang=None)
        lang = seen.lang if seen else "vi"
    return lang if lang in LANGUAGES else "vi"


def refuse_bytes(words: Sequence[str], environ: Mapping[str, str]) -> None:
    """Words and our part of the environment are UTF-8: nobody can say what other bytes mean. Raises WrongUsage."""
    for place, word in enumerate(words, 1):
        if not _is_text(word):
            raise WrongUsage(problem=_("word {place} is no UTF-8 text").format(place=place))
    for name, value in environ.items():
        if name.startswith("COUNTER_") and not _is_text(value):
            raise WrongUsage(problem=_("{name} is no UTF-8 text").format(name=name))


def _is_text(word: str) -> bool:
    """Bytes that are no UTF-8 come to us as halves of surrogate pairs."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def wrong_usage(error: Exception) -> WrongUsage:
    """What typer could not read, in our words; typer carries its own click and speaks English only."""
    kind, message = type(error).__name__, str(getattr(error, "message", ""))
    param = getattr(error, "param", None)
    if found := _NO_COMMAND.fullmatch(message):
        return WrongUsage(problem=_("there is no command “{name}”").format(name=found["name"]))
    if kind == "NoSuchOption":
        return WrongUsage(problem=_("there is no option {name}").format(name=getattr(error, "option_name", "")))
    if kind == "MissingParameter" and param is not None:
        return WrongUsage(problem=_("{name} is missing").format(name=_called(param)))
    if kind == "BadParameter" and param is not None:
        if words := choices_of(param):
            return WrongUsage(problem=_("one of these is wanted: {words}").format(words=" | ".join(words)))
        return WrongUsage(problem=_("the value of {name} cannot be used").format(name=_called(param)))
    if kind == "BadOptionUsage":
        return WrongUsage(problem=_("{name} needs a value").format(name=getattr(error, "option_name", "")))
    if kind == "BadParameter":
        return WrongUsage(problem=_("one of these is wanted: {words}").format(words=message))
    return WrongUsage(problem=_("there is a word too many, or one too few"))


def choices_of(param: object) -> list[str]:
    """The words an option or argument allows; empty where any text does."""
    choices = getattr(getattr(param, "type_descriptor", None), "choices", None) or ()
    return [str(getattr(choice, "value", choice)) for choice in choices]


def _called(param: object) -> str:
    """An option as it is typed; an argument as the help names it."""
    options = [name for name in getattr(param, "opts", ()) if name.startswith("--")]
    return options[0] if options else str(getattr(param, "human_readable_name", "?"))
