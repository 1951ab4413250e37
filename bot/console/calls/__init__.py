"""The desk for calls: the question to read aloud, what is known, what is decided."""
