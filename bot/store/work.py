"""`Work`: one transaction, seen through its repositories."""

from __future__ import annotations

from functools import cached_property

from bot.store.accounts import Accounts
from bot.store.amendments import Amendments
from bot.store.api_keys import ApiKeys
from bot.store.calls import Calls
from bot.store.cases import Cases
from bot.store.contacts import Contacts
from bot.store.drills import DrillBooks
from bot.store.figures import Figures
from bot.store.held import Held
from bot.store.inbox import Inbox
from bot.store.inquiries import Inquiries
from bot.store.kin import Kin
from bot.store.ledger import Audit, ChannelState
from bot.store.letters import Letters
from bot.store.outbox import Outbox
from bot.store.pacing import Pacing
from bot.store.retention import Retention
from bot.store.seals import Seals
from bot.store.sheets import Sheets
from bot.store.staff import Staff
from bot.store.tasks import TaskList
from bot.store.transaction import Transaction
from bot.store.visits import Visits


class Work:
    """Repositories over one transaction, each made when it is first used."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    @cached_property
    def contacts(self) -> Contacts:
        """Who writes to us."""
        return Contacts(self._tx)

    @cached_property
    def amendments(self) -> Amendments:
        """What is to be different in the directory."""
        return Amendments(self._tx)

    @cached_property
    def calls(self) -> Calls:
        """Who is on the telephone."""
        return Calls(self._tx)

    @cached_property
    def cases(self) -> Cases:
        """Their referrals."""
        return Cases(self._tx)

    @cached_property
    def visits(self) -> Visits:
        """Their follow-up."""
        return Visits(self._tx)

    @cached_property
    def held(self) -> Held:
        """Moves on them that can still be undone."""
        return Held(self._tx)

    @cached_property
    def inquiries(self) -> Inquiries:
        """What they are asked about promises."""
        return Inquiries(self._tx)

    @cached_property
    def letters(self) -> Letters:
        """What they and whoever helps them write to each other."""
        return Letters(self._tx)

    @cached_property
    def kin(self) -> Kin:
        """Which of their cases may be one family."""
        return Kin(self._tx)

    @cached_property
    def figures(self) -> Figures:
        """What reports count."""
        return Figures(self._tx)

    @cached_property
    def sheets(self) -> Sheets:
        """What they told."""
        return Sheets(self._tx)

    @cached_property
    def staff(self) -> Staff:
        """Who receives referrals."""
        return Staff(self._tx)

    @cached_property
    def accounts(self) -> Accounts:
        """How they sign in to the console."""
        return Accounts(self._tx)

    @cached_property
    def api_keys(self) -> ApiKeys:
        """What programs act for them with."""
        return ApiKeys(self._tx)

    @cached_property
    def drills(self) -> DrillBooks:
        """What they have practised."""
        return DrillBooks(self._tx)

    @cached_property
    def tasks(self) -> TaskList:
        """What operators have to do."""
        return TaskList(self._tx)

    @cached_property
    def inbox(self) -> Inbox:
        """What came in."""
        return Inbox(self._tx)

    @cached_property
    def outbox(self) -> Outbox:
        """What goes out."""
        return Outbox(self._tx)

    @cached_property
    def pacing(self) -> Pacing:
        """How fast it may go."""
        return Pacing(self._tx)

    @cached_property
    def retention(self) -> Retention:
        """What has been kept long enough."""
        return Retention(self._tx)

    @cached_property
    def audit(self) -> Audit:
        """Who read what."""
        return Audit(self._tx)

    @cached_property
    def seals(self) -> Seals:
        """What shows that it still says what it said."""
        return Seals(self._tx)

    @cached_property
    def channels(self) -> ChannelState:
        """What a channel remembers of itself."""
        return ChannelState(self._tx)
