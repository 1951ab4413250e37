"""What a county is run by: its people, agencies, rules, figures and the audit log."""
