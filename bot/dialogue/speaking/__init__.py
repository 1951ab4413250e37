"""From a response's name to a message: choosing the variation, filling in the slots."""
