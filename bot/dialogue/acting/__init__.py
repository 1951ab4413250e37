"""Running actions: Rasa's own, forms, responses, and those that live outside the engine."""
