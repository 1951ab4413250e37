"""Drills: cases told for training, drawn from the rules and never from a real family; asked, marked, and repeated.

    course = Course(policy, DrillWords.load(path), titles)
    book, reply = course.begin(Book(), at, seed="s1/1", language="zh")       # a case, and how urgent it is
    book, reply = course.answer(book, at, "1.0", "3", seed="s1/2", language="zh")   # marked, and the next question

Pure: a book goes in and comes out, a `Reply` is what is said. Whoever keeps the book keeps it where it belongs.
"""

from bot.drills.book import Book
from bot.drills.course import Course
from bot.drills.words import DrillWords

__all__ = ["Book", "Course", "DrillWords"]
