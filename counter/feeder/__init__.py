"""Paper from the spool to this computer's printer, in a thread of its own."""

from counter.feeder.feeding import FRESH, LOCK, Feeder, feeder_of
from counter.feeder.now import Now, Sign

__all__ = ["FRESH", "LOCK", "Feeder", "Now", "Sign", "feeder_of"]
