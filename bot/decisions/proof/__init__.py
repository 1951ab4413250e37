"""Every sheet there can be, as one formula: for what must be known exactly, by the interview and by `rightdoor check`.

`formula.py` is logic alone, `answers.py` what a family may say, `side.py` what the rules make of it, `difference.py` whether two
such are decided differently.
"""
