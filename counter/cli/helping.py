"""`--help` in the user's language: what commands and options are for, and the headings. Typer itself speaks English only."""

from __future__ import annotations

import inspect
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from counter.cli.human import speaking
from counter.cli.usage import choices_of
from counter.locale import N_, _, translate
from counter.text import display_width

PROGRAM: Final = "counter"
Function = TypeVar("Function", bound=Callable[..., Any])
WIDEST: Final = 110
_FLAG: Final = 26
"""Cells for the names of options; longer ones put their help on a line of its own."""


class Command(TyperCommand):
    """A command that explains itself in the user's language, and is known while it runs."""

    def get_help(self, ctx: Any) -> str:
        return help_of(self, ctx)

    def invoke(self, ctx: Any) -> Any:
        speaking.now(command=path_of(ctx), options=dict(_options(self)))
        return super().invoke(ctx)


class Group(TyperGroup):
    """A group of commands that explains itself in the user's language."""

    def get_help(self, ctx: Any) -> str:
        return help_of(self, ctx)


class Commands(typer.Typer):
    """What commands are registered at; `help`, and the docstring of each, is English that the catalogue knows."""

    def __init__(self, help: str = "") -> None:
        super().__init__(cls=Group, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        if help:  # without it, the docstring of the callback
            self.info.help = help

    def command(self, name: str | None = None, **more: Any) -> Callable[[Function], Function]:
        return super().command(name, cls=Command, **more)


def path_of(ctx: Any) -> str:
    """The words that call the command, without the program's name."""
    words: list[str] = []
    while ctx.parent is not None:
        words.insert(0, ctx.info_name)
        ctx = ctx.parent
    return " ".join(words)


def every_help(group: Any, *before: str) -> Iterator[tuple[str, str]]:
    """Every command below `group` with what it is for, in English."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_help(command, *before, name)
        else:
            yield " ".join((*before, name)), english_help(command)


def english_help(command: Any) -> str:
    """What a command or a group is for, as its source says it."""
    return inspect.cleandoc(command.help or "")


def _options(command: Any) -> Iterator[tuple[str, str]]:
    for one in command.params:
        for name in one.opts:
            if name.startswith("--"):
                yield name, getattr(one, "help", None) or ""


# --- the page ----------------------------------------------------------------------------------------------------------


def help_of(command: Any, ctx: Any) -> str:
    """The whole page: usage, what it is for, arguments, options, commands below."""
    width = min(WIDEST, shutil.get_terminal_size().columns)
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.get_params(ctx) if one.param_type_name == "option" and not one.hidden]
    below = getattr(command, "commands", {})
    words = [PROGRAM, path_of(ctx), *map(_argument, arguments), _("[OPTIONS]"), _("COMMAND …") if below else ""]
    blocks = [
        [_("Usage: {words}").format(words=" ".join(word for word in words if word))],
        _filled(translate(english_help(command)), width, indent=2),
        _section(N_("Arguments:"), ((_argument(one), _told(one)) for one in arguments if one.help), width),
        _section(N_("Options:"), ((_option(one), _told(one)) for one in options), width),
        _section(N_("Commands:"), ((name, translate(english_help(one))) for name, one in below.items()), width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _section(heading: str, rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    """A heading and two columns under it."""
    found = list(rows)
    if not found:
        return []
    left = min(_FLAG, max(display_width(name) for name, _help in found))
    lines = [translate(heading)]
    for name, text in found:
        told = _filled(text, width, indent=left + 4) or [""]
        if display_width(name) > left:
            lines += ["  " + name, *(line for line in told if line)]
        else:
            lines += ["  " + name + " " * (left - display_width(name) + 2) + told[0].lstrip(), *told[1:]]
    return [line.rstrip() for line in lines]


def _filled(text: str, width: int, *, indent: int) -> list[str]:
    blanks = " " * indent
    lines = text.split("\n")
    return [line for one in lines for line in textwrap.wrap(one, width, initial_indent=blanks, subsequent_indent=blanks)]


def _argument(one: Any) -> str:
    name = one.metavar or one.name.upper()
    return name if one.required or name.startswith("[") else f"[{name}]"


def _option(one: Any) -> str:
    """`--till TEXT`, `--months NUMBER`, `--dry-run`."""
    names = ", ".join(one.opts)
    return names if one.is_flag else f"{names} {_value(one)}"


def _value(one: Any) -> str:
    if choices := choices_of(one):
        return "|".join(choices)
    annotation = getattr(getattr(one, "type_descriptor", None), "annotation", str)
    return _("NUMBER") if annotation is int else _("TEXT")


def _told(one: Any) -> str:
    """An option's help, with what it is without it, or that it must be given."""
    if "--help" in one.opts:
        return _("this page")
    notes = [_("must be given")] if one.required and one.param_type_name == "option" else []
    if not one.required and isinstance(one.default, str | int) and not isinstance(one.default, bool) and one.default != "":
        notes.append(_("{value} without it").format(value=one.default))
    told = translate(one.help or "")
    return f"{told} ({', '.join(notes)})".lstrip() if notes else told
