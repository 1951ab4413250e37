"""Which action comes next: rules compiled to an index over states (rasa `core/policies/rule_policy.py`)."""
