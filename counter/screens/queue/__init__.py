"""The queue as people see and hold it: at the till, at reception, at the door, on the supervisor's screen, on the wall."""
