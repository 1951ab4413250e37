"""Tables for others' editors and engines: DMN 1.3 XML and GoRules' JSON decision model, out and in.

One situations file is one table: an input for each fact it uses, with the allowed values; a rule for each row, or several where
a row has alternatives; hit policy *collect*, because several rows can hold at once. What a table cannot carry in its cells
(titles, reasons, basis, order, dates) travels beside each rule, so that a table that comes back says the same. What is said of
a whole rule base (relevance, `otherwise`, how rows add up) is not in a table: another engine tells which rows fire, no more.
"""

from bot.workbench.foreign.files import FORMATS, export_table, import_table
from bot.workbench.foreign.table import Table, TableRow

__all__ = ["FORMATS", "Table", "TableRow", "export_table", "import_table"]
