"""Quầy: the payment counter of a utility's transaction office."""

__version__ = "0.1.0"
