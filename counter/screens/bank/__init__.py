"""The bank's side at the supervisor's screen: lines to decide, surplus, what is unconfirmed, shares, statements."""
