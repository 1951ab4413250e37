"""Coming in: passwords, second factors, one-time links, and an agency's own accounts."""
