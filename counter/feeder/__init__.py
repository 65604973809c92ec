"""Paper from the spool to this computer's printer, in a thread of its own."""

from counter.feeder.feeding import FRESH, Feeder
from counter.feeder.now import Now, Sign
from counter.feeder.of_home import LOCK, feeder_of

__all__ = ["FRESH", "LOCK", "Feeder", "Now", "Sign", "feeder_of"]
