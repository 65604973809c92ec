"""Which command speaks now, and what its options are for: set when it is called, read when it answers or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Speaking:
    """The words of the command without the program's name (`pay cash`), and the help of its options, in English."""

    command: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)

    def begin(self, *, commands: Mapping[str, str]) -> None:
        """A new call of the program: no command yet. `commands`: the help of all of them."""
        self.command, self.options, self.commands = "", {}, commands

    def now(self, *, command: str, options: Mapping[str, str]) -> None:
        """This command speaks from here on."""
        self.command, self.options = command, options


speaking = Speaking()
