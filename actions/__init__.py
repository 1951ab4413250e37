"""What a conversation may do, as rasa_sdk actions.

They read the slots a turn projected and return words, events and *proposed moves* (the `moves` slot); they write
nothing themselves. So the same files run inside Rightdoor or on an action server of their own.
"""

from actions.care import (
    ActionEmergency,
    ActionErase,
    ActionHuman,
    ActionShow,
    ActionStatus,
    ActionWelcome,
    ActionWithdraw,
)
from actions.interview import ActionAskPlace, ActionHear, ActionNotUnderstood, ActionWhy, ValidateInterviewForm
from actions.letters import ActionMessage
from actions.promise import ActionPromise
from actions.referral import ActionRefer

ALL = (
    ActionAskPlace,
    ActionEmergency,
    ActionErase,
    ActionHear,
    ActionHuman,
    ActionMessage,
    ActionNotUnderstood,
    ActionPromise,
    ActionRefer,
    ActionShow,
    ActionStatus,
    ActionWelcome,
    ActionWhy,
    ActionWithdraw,
    ValidateInterviewForm,
)

__all__ = ["ALL"]
