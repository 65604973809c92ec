"""Every table, by noun. `office_id` leads every primary key; ids are made by the client; nothing uses a sequence."""

from db.tables.bills import Bill, BillImport, Customer, MeterBook, OfficeCase
from db.tables.cash import CashCount, CashMove, Shift
from db.tables.journal import Account, JournalRow, Posting
from db.tables.office import Approval, AppUser, ChainHead, Office, PinGuard, ReceiptSeries, Till
from db.tables.payments import AdvanceMove, Payment, PaymentLine, Reprint, Settlement
from db.tables.queue import (
    ChecklistSigned,
    QueueDay,
    QueueNumber,
    QueueOffice,
    QueueSlot,
    RoomMove,
    Ticket,
    TicketMove,
)

__all__ = [
    "Account",
    "AdvanceMove",
    "AppUser",
    "Approval",
    "Bill",
    "BillImport",
    "CashCount",
    "CashMove",
    "ChainHead",
    "ChecklistSigned",
    "Customer",
    "JournalRow",
    "MeterBook",
    "Office",
    "OfficeCase",
    "Payment",
    "PaymentLine",
    "PinGuard",
    "Posting",
    "QueueDay",
    "QueueNumber",
    "QueueOffice",
    "QueueSlot",
    "ReceiptSeries",
    "Reprint",
    "RoomMove",
    "Settlement",
    "Shift",
    "Ticket",
    "TicketMove",
    "Till",
]
