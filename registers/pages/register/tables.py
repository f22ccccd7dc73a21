"""The register of an edition as a table on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import django_tables2 as tables
from django.core.paginator import Page
from django_tables2.data import TableListData
from django_tables2.rows import BoundRows

from registers.domain.columns import BY_NAME, Beside, in_order
from registers.domain.content import Content
from registers.pages.register.columns import column

DEFAULT_SORT = ("-score",)


class Entries(TableListData):
    """Contents in the order of one column: `domain.columns` says how."""

    def order_by(self, aliases: Sequence[str]) -> None:
        for alias in aliases:
            said = BY_NAME[alias.removeprefix("-")]
            descending = alias.startswith("-")
            self.data = in_order(self.data, said, self.table.beside, descending=descending)


class RegisterTable(tables.Table):
    """`beside` holds what columns need besides the entries: what they sort by from the start, what
    they show once the rows to show are known.
    """

    class Meta:
        order_by_field = "sort"
        template_name = "registers/partials/table.html"
        empty_text = "No entry fits this filter."

    def __init__(
        self,
        contents: Sequence[Content],
        *,
        caption: str,
        columns: Sequence[str],
        sort: Sequence[str],
        beside: Beside,
        since: str,
        link: Callable[[int], str],
    ):
        """`columns` are the names of the chosen ones, `since` names the edition to compare with."""
        self.caption, self.beside, self.link = caption, beside, link
        chosen = [(name, column(BY_NAME[name])) for name in BY_NAME if name in columns]
        super().__init__(Entries(list(contents)), extra_columns=chosen, order_by=sort[:1])
        if not self.order_by:
            self.order_by = DEFAULT_SORT
        if since and "since" in self.columns:
            self.columns["since"].column.verbose_name = f"Since {since}"

    def show(self, contents: Sequence[Content], page: Page) -> None:
        """Show these entries, which are a page of them all."""
        self.page, self.paginator = page, page.paginator
        page.object_list = BoundRows(data=contents, table=self)
