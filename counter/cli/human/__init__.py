"""What commands say to people: one calm sentence, figures under each other, what to do next; `--json` is for machines."""

from counter.cli.human.hints import hints_for
from counter.cli.human.render import lines_of, rejected_lines
from counter.cli.human.speaking import Speaking, speaking

__all__ = ["Speaking", "hints_for", "lines_of", "rejected_lines", "speaking"]
