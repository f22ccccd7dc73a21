"""The way in: a document → rows as printed → a plan that a person confirms → the database.

Only `register_state` and `apply` know the database. Everything before them is plain values, so
another reader (PDF, Excel, CSV, text) needs nothing but to return an `EditionAsPrinted`.
"""
