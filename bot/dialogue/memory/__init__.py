"""What a conversation remembers: events, the tracker they change, and the states that rules see of it."""
