"""The gateway: what banks' providers tell by HTTP, stored before it is answered; and pages for screens in the office."""
