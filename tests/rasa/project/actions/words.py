"""Words an action needs when it runs."""

READY = "The card is printed."
