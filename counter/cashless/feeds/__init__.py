"""What providers send about money, proven and read: SePay, payOS, Casso; each exactly as its documents say."""

from counter.cashless.feeds.casso import Casso
from counter.cashless.feeds.facts import Heard, NoMoney, Provider, Told, Unproven, Unreadable
from counter.cashless.feeds.payos import PayOs
from counter.cashless.feeds.sepay import SePay, SePayKey

__all__ = [
    "Casso",
    "Heard",
    "NoMoney",
    "PayOs",
    "Provider",
    "SePay",
    "SePayKey",
    "Told",
    "Unproven",
    "Unreadable",
]
