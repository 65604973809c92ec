"""Bills: customers, meter books and debts brought in from the billing system, found and owed."""

from counter.bills.actions import BroughtIn, Forecast, bring_in, bring_in_the_rest, resolve_case, what_it_would_do
from counter.bills.case_views import CaseLine, Change, case_changes, case_line, decided_cases, open_cases, open_cases_of
from counter.bills.find import Found, Scan, find_customers, read_scan
from counter.bills.profiles import Profile, load_profile, profile_names
from counter.bills.staging import RejectedLine, Staged, stage
from counter.bills.views import (
    BillLine,
    CustomerLine,
    Owed,
    Totals,
    bills_by_payer,
    bills_total,
    customer,
    totals,
    unpaid_bills,
)

__all__ = [
    "BillLine",
    "BroughtIn",
    "CaseLine",
    "Change",
    "CustomerLine",
    "Forecast",
    "Found",
    "Owed",
    "Profile",
    "RejectedLine",
    "Scan",
    "Staged",
    "Totals",
    "bills_by_payer",
    "bills_total",
    "bring_in",
    "bring_in_the_rest",
    "case_changes",
    "case_line",
    "customer",
    "decided_cases",
    "find_customers",
    "load_profile",
    "open_cases",
    "open_cases_of",
    "profile_names",
    "read_scan",
    "resolve_case",
    "stage",
    "totals",
    "unpaid_bills",
    "what_it_would_do",
]
