"""Every table, by noun. `office_id` leads every primary key; ids are made by the client; nothing uses a sequence."""

from db.tables.bills import Bill, BillImport, Customer, MeterBook, OfficeCase
from db.tables.cash import CashCount, CashMove, Shift
from db.tables.cashless import (
    BankAccount,
    BankArrival,
    BankLine,
    BankStatement,
    CashlessPayment,
    MatchDismissed,
    QrIntent,
    QrIntentBill,
    Surplus,
)
from db.tables.journal import Account, JournalRow, Posting
from db.tables.office import Approval, AppUser, ChainHead, Office, PinGuard, ReceiptSeries, Till, TillLease
from db.tables.paper import PaperLayout, PrintJob
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
    "BankAccount",
    "BankArrival",
    "BankLine",
    "BankStatement",
    "Bill",
    "BillImport",
    "CashCount",
    "CashMove",
    "CashlessPayment",
    "ChainHead",
    "ChecklistSigned",
    "Customer",
    "JournalRow",
    "MatchDismissed",
    "MeterBook",
    "Office",
    "OfficeCase",
    "PaperLayout",
    "Payment",
    "PaymentLine",
    "PinGuard",
    "Posting",
    "PrintJob",
    "QrIntent",
    "QrIntentBill",
    "QueueDay",
    "QueueNumber",
    "QueueOffice",
    "QueueSlot",
    "ReceiptSeries",
    "Reprint",
    "RoomMove",
    "Settlement",
    "Shift",
    "Surplus",
    "Ticket",
    "TicketMove",
    "Till",
    "TillLease",
]
