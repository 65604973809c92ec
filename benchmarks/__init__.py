"""Figures beside their floors: `python -m benchmarks` runs all, `python -m benchmarks.take_payment` one."""
