"""The same actions as the screens, for scripts and supervisors' cron jobs. What outsiders rely on: docs/cli.md."""

from __future__ import annotations

from counter.cli.app import run

__all__ = ["run"]
