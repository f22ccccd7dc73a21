"""The way in: a document → rows as printed → a plan that a person confirms → the database.

    readers/          a file → a Document: tables of cells, as the page shows them
    heading_rows      where the headings stand: up to three rows, read as a path
    headings          what the words over a column say
    columns           which column is which, settled by words, by what stands below
                      (column_contents), by quarters (dated_columns), by arithmetic (score_columns),
                      and between several of one field (rival_columns): each works on the same
                      unsettled_columns
    tables            rows → entries as printed, and what must be asked: with settled_columns (of
                      all tables), cells_by_field (of a row), struck_rows, printed_entries and
                      strands
    scores, directions, cells, owners, dates, statuses    what one cell means
    reading           an entry as printed → as read (as_read), every doubt in words
    corrections       what a person says of single entries, in the place of what was read
    matching, plan    which entry of the register it is, and what would happen
    apply             the plan → the database
    doubts            what could not be said for certain stays with the edition
    review/           an import that a person looks through: read, said, applied, undone

Only `register_state`, `apply`, `doubts` and `review` know the database. Everything before them is
plain values, so another reader needs nothing but to return a `Document`.
"""
