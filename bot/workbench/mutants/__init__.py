"""Every row with one small mistake: who would notice it, and which cases would have to be written so that somebody does."""
