"""Why the queue says no."""

from counter.errors import BadInput, Refused
from counter.locale import N_


class UnknownTicket(Refused):
    """No such ticket."""

    why = N_("There is no ticket “{ticket}” on this day.")
    todo = N_("Read the number on the slip again, or issue a new one.")


class TicketElsewhere(Refused):
    """A ticket that is not where this act would need it."""

    why = N_("Ticket {number} is {state}: this cannot be done with it.")
    todo = N_("Look at the board; choose another ticket or another act.")


class NotToday(Refused):
    """A booking of another day."""

    why = N_("Ticket {number} is booked for {day}.")
    todo = N_("Change the booking to today, or issue a number for who just came.")


class NoSlip(Refused):
    """A slip that nobody can use."""

    why = N_("There is no slip for {number}: it has no number yet, or it is over.")
    todo = N_("Choose a ticket that is booked or waits.")


class NobodyWaiting(Refused):
    """The line is empty."""

    why = N_("Nobody is waiting for this till.")
    todo = N_("Wait for the next arrival.")


class RoomFull(Refused):
    """As many people are inside as may be."""

    why = N_("The room is full: {inside} of {cap} people are inside.")
    todo = N_("Wait until somebody leaves: {next}. The guard corrects a wrong count.")


class StillCalled(Refused):
    """A till has one customer at a time."""

    why = N_("Ticket {number} is still called at this till.")
    todo = N_("Mark it served, absent or transferred first.")


class NobodyCalled(Refused):
    """No ticket is called at this till."""

    why = N_("No ticket is called at till {till}.")
    todo = N_("Call the next one first.")


class CalledEnough(Refused):
    """Called as often as the office calls anybody."""

    why = N_("Ticket {number} was called {calls} times.")
    todo = N_("Mark it absent; who comes back gets a place further on.")


class ChecklistMissing(Refused):
    """The office demands the opening checklist before the first call."""

    why = N_("The opening checklist of till {till} is not signed today.")
    todo = N_("Go through the checklist and sign it; then call.")


class ChecklistUnanswered(Refused):
    """An item of the checklist has no answer."""

    why = N_("Not every item of the checklist is answered: {items}.")
    todo = N_("Answer each item with yes or no.")


class SlotFull(Refused):
    """No place is left at that time."""

    why = N_("{slot} on {day} is full.")
    todo = N_("Offer another time: {free}.")


class SlotKept(Refused):
    """The first slots are for those who should not wait."""

    why = N_("The last places at {slot} on {day} are kept for people with priority until that day.")
    todo = N_("Offer another time: {free}.")


class SlotPast(Refused):
    """A time that is over."""

    why = N_("{slot} on {day} is over.")
    todo = N_("Offer another time: {free}.")


class NoSuchSlot(Refused):
    """The office is closed then."""

    why = N_("There is no appointment at {slot} on {day}.")
    todo = N_("Offer another time: {free}.")


class DayClosed(Refused):
    """A holiday, or a weekday without hours."""

    why = N_("The office is closed on {day}: {reason}.")
    todo = N_("Choose another day.")


class DayOver(Refused):
    """A day of the queue that was ended."""

    why = N_("The queue of {day} is over.")
    todo = N_("Choose today or a later day.")


class DayRuns(Refused):
    """A day of the queue that would end while people count on it."""

    why = N_("The queue of {day} still runs: {times} times are to come, {people} people are here.")
    todo = N_("End it when the last is gone, or end it early in so many words: counter queue end-day --early.")


class TooFarAhead(Refused):
    """A day that nobody plans yet."""

    why = N_("The queue is planned {days} days ahead at most.")
    todo = N_("Choose an earlier day.")


class NotBegun(Refused):
    """A day of the queue that cannot end."""

    why = N_("The queue of {day} has not begun.")
    todo = N_("Choose today or an earlier day.")


class AlreadyBooked(Refused):
    """One booking for a customer and a month."""

    why = N_("{customer} already has ticket {number} on {day} at {slot}.")
    todo = N_("Change or cancel that booking instead.")


class DraftGone(Refused):
    """A place on offer was kept as long as the office keeps it."""

    why = N_("The place was kept until {until} and is free again.")
    todo = N_("Choose a time again.")


class UnknownBooker(Refused):
    """No customer of that code."""

    why = N_("There is no customer “{customer}”.")
    todo = N_("Find the customer by name, phone or meter, or issue a number without a booking.")


class UnknownClass(Refused):
    """No priority class of that code."""

    why = N_("There is no class “{class_code}”.")
    todo = N_("Use one of: {known}.")


class UnknownService(Refused):
    """No service of that code."""

    why = N_("There is no service “{service}”.")
    todo = N_("Use one of: {known}.")


class NotACount(Refused):
    """A number of people or tills that cannot be."""

    why = N_("“{text}” cannot be a number of people or tills here.")
    todo = N_("Type a whole number from {least} to {most}.")


class NoticeTooShort(Refused):
    """Whole meter books must hear of their days in time."""

    why = N_("Collection days need {days} days of notice: the first possible day is {first}.")
    todo = N_("Choose a later window.")


class NothingToSpread(Refused):
    """Nobody who owes and has no place yet."""

    why = N_("No customer of these meter books owes anything and has no booking from {first} to {last}.")
    todo = N_("Bring in the bills first, or choose other books.")


class GivingStopped(Refused):
    """Somebody stopped the giving of places."""

    why = N_("Stopped: no place was given.")
    todo = N_("Look at the plan again, or start anew.")


class NoDaysToSpread(Refused):
    """A window without an open day."""

    why = N_("The office is open on no day from {first} to {last}.")
    todo = N_("Choose a longer window, or open a day in the queue's rules.")


class RejectedBookings(BadInput):
    """Some lines are wrong and nobody said to go on without them. Nothing was booked."""

    why = N_("{count} lines of {file} cannot be booked, the first at line {line}: {field} “{value}”: {reason}")
    todo = N_("Nothing was booked. Correct the file, or bring it in again and leave the wrong lines out.")

    @property
    def details(self) -> dict[str, object]:
        """What a script needs beside the sentences: the file and its wrong lines."""
        return {"file": self.facts["file"], "rejected": self.facts["lines"]}


class TooManyLines(BadInput):
    """More appointments than an office has in months."""

    why = N_("{file} has more than {most} lines.")
    todo = N_("Bring in one month at a time.")


class BadQueueRules(BadInput):
    """The office's rules for its queue cannot be read."""

    why = N_("The queue's rules in {file} are wrong at “{key}”: {reason}")
    todo = N_("Correct that key; counter queue rules shows the rules in force.")
