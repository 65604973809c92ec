"""Paying without cash at the till: by transfer, part in cash, by card, by wallet."""
