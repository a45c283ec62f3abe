"""People from a table: checked line by line, then written all together or not at all.

The first line names the columns; `email` is needed, and `name` for those who are new. People are found by e-mail.
What stands in a cell replaces what was there; an empty cell leaves it. Several values in a cell are divided by `|`.
"""
