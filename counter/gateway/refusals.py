"""Why the gateway does not start, or a provider's list cannot be read."""

from counter.errors import BadInput, NotAvailable
from counter.locale import N_


class GatewayMissing(NotAvailable):
    """The optional part for the gateway is not installed."""

    why = N_("The part for the gateway is not installed.")
    todo = N_("Install it with: pip install quaythu[gateway]")


class GatewayFileWrong(BadInput):
    """The file with the providers' secrets cannot be read."""

    why = N_("The file {path} with the providers' secrets is wrong: {detail}")
    todo = N_("Correct it; docs/gateway.md shows every key. Nothing of it is ever written to a log.")


class GatewayFileOpen(BadInput):
    """Other users of the computer can read the secrets."""

    why = N_("Other users of this computer can read the secrets in {path}.")
    todo = N_("Allow only yourself: chmod 600 on the file, then start again.")


class NoProviders(BadInput):
    """Nobody to ask for a list."""

    why = N_("No provider's list is set up in {path}.")
    todo = N_("Add a part such as [sepay.poll] with its token; docs/gateway.md shows how.")


class ProviderAway(NotAvailable):
    """A provider's list could not be asked for."""

    why = N_("The list of {provider} cannot be read: {detail}")
    todo = N_("Nothing is lost: ask again later, or bring in the bank's statement.")


class AddressTaken(NotAvailable):
    """Another program listens there already."""

    why = N_("The gateway cannot listen on {host}:{port}: {detail}")
    todo = N_("Perhaps it runs already. End it, or choose another --port.")
