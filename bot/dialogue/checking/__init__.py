"""What a project that loads may still have got wrong: names nobody uses, forms that end nowhere, rules without end.

Rasa tells some of it in `rasa data validate` (rasa `validator.py`); here it is told with file and line.
"""
