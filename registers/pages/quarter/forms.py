"""The risk manager's short forms: one question each, answered by one verb of the cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from registers.domain.quarters import Quarter
from registers.models import Edition, Entry, Kind, Lineage, Owner, Register, Snapshot
from registers.models.fields import TextBox
from registers.pages.day_fields import DayField, MomentField, QuarterDates


class DatesForm(QuarterDates):
    """When owners have to be done, and when the committee meets."""

    deadline = MomentField(
        label="Owners' deadline",
        required=False,
        help_text="Reminders go out 10 and 3 days before it, and weekly after it.",
    )
    committee_on = DayField(label="Committee meets on", required=False)
    field_order = ["deadline", "committee_on", "sure"]

    def __init__(self, *args: Any, quarter: Quarter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quarter = quarter

    def clean(self) -> dict:
        values = super().clean()
        if quarter := values.get("quarter", self.quarter):
            self.hold_to(quarter, values)
        return values


class OpenForm(DatesForm):
    """Which quarter to open."""

    quarter = forms.CharField(label="Quarter", help_text="As Q4 2026/27.", max_length=20)
    field_order = ["quarter", "deadline", "committee_on", "sure"]

    def clean_quarter(self) -> Quarter:
        try:
            return Quarter.parse(self.cleaned_data["quarter"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def next_quarter(register: Register) -> Quarter:
    """The quarter after the latest edition, else the one we are in."""
    latest = Edition.objects.filter(register=register).newest_first().first()
    return latest.quarter.next if latest else Quarter.of(timezone.localdate())


class ReasonForm(forms.Form):
    """A reason that the committee, or the owner, will read."""

    reason = TextBox(label="Because", widget=forms.Textarea(attrs={"rows": 3}))


class CarryForm(forms.Form):
    """Which entries to carry forward as they stood, with one reason for all of them."""

    entries = forms.MultipleChoiceField(
        label="Entries that nobody has begun",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick the entries to carry forward.",
            "invalid_choice": (
                "One of them has been begun since you opened this page. Nothing was carried "
                "forward: choose again."
            ),
        },
    )
    reason = forms.CharField(
        label="Because",
        initial="no update received",
        max_length=500,
        help_text="The committee reads it with each of these entries.",
    )

    def __init__(self, *args, snapshots: Sequence[Snapshot], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].choices = [(str(one.pk), _to_tick(one)) for one in snapshots]
        self.snapshots = snapshots

    @property
    def chosen(self) -> list[Snapshot]:
        return [one for one in self.snapshots if str(one.pk) in self.cleaned_data["entries"]]


def _to_tick(snapshot: Snapshot) -> str:
    """An entry by its number, its title and the post that owns it."""
    owner = f" ({snapshot.owner_name})" if snapshot.owner_name else ""
    return f"{snapshot.reference} {snapshot.title}{owner}"


class AddForm(forms.Form):
    """A new risk or opportunity."""

    kind = forms.ChoiceField(label="Kind", choices=Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label="Title", max_length=500)
    owner = forms.ModelChoiceField(
        label="Owner", queryset=Owner.objects.filter(successor=None), empty_label="Choose a post"
    )
    reference = forms.CharField(
        label="Reference",
        max_length=12,
        required=False,
        help_text="Leave empty for the next free number.",
    )
    exempt_reason = forms.CharField(
        label="Exempt because",
        max_length=200,
        required=False,
        help_text=(
            "Only if it may not be public: the paragraph of Schedule 12A to the Local Government "
            "Act 1972. Then only people who are cleared see it."
        ),
    )


class BringBackForm(forms.Form):
    """Which entry comes back: one that the edition lacks and that once stood in the register."""

    entry = forms.ModelChoiceField(
        label="Entry", queryset=Entry.objects.none(), empty_label="Choose an entry"
    )
    reference = forms.CharField(
        label="Reference",
        max_length=12,
        required=False,
        help_text="Leave empty for the number that it had, or the next free one.",
    )

    def __init__(self, *args, edition: Edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        standing = Snapshot.objects.in_edition(edition)
        before = Snapshot.objects.filter(
            entry=OuterRef("pk"), edition__quarter__lt=edition.quarter
        ).order_by("-edition__quarter")
        statements = Lineage.objects.ending().filter(
            edition__register=edition.register, edition__quarter__lte=edition.quarter
        )
        ended_here = statements.filter(edition=edition)
        self.ended = {
            one.entry_id: one
            for one in statements.select_related("edition")
            .with_names()
            .order_by("edition__quarter")
        }
        self.fields["entry"].queryset = (
            Entry.objects.filter(register=edition.register)
            .exclude(pk__in=standing.values("entry"))
            .annotate(
                named=Subquery(before.values("reference")[:1]),
                titled=Subquery(before.values("title")[:1]),
            )
            .filter(Q(named__isnull=False) | Q(pk__in=ended_here.values("entry")))
        )
        self.fields["entry"].label_from_instance = self._label

    def _label(self, entry: Entry) -> str:
        ended = self.ended.get(entry.pk)
        named = f"{entry.named or ended.named} {entry.titled or ended.titled}"
        return f"{named} ({ended.in_words()} in {ended.edition})" if ended else named


class EndForm(ReasonForm):
    """How an entry ends: closed, merged into another, or succeeded by another."""

    CLOSE, MERGE, SUCCEED = "close", "merge", "succeed"
    how = forms.ChoiceField(
        label="What became of it?",
        widget=forms.RadioSelect,
        choices=[
            (CLOSE, "Closed: it is no longer a concern"),
            (MERGE, "Merged into another entry"),
            (SUCCEED, "Succeeded by another entry"),
        ],
        initial=CLOSE,
    )
    other = forms.ModelChoiceField(
        label="The other entry",
        queryset=Snapshot.objects.none(),
        required=False,
        empty_label="None",
        help_text="For a merger or a succession.",
    )
    field_order = ["how", "other", "reason"]

    def __init__(self, *args, edition: Edition, entry: Entry, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = (
            Snapshot.objects.in_edition(edition)
            .of_kind(entry.kind)
            .exclude(entry=entry)
            .select_related("entry")
            .as_printed()
        )

    def clean(self) -> dict:
        values = super().clean()
        if values.get("how") in (self.MERGE, self.SUCCEED) and not values.get("other"):
            self.add_error("other", "Choose the entry that it lives on in.")
        return values


class SplitForm(ReasonForm):
    """A new entry that takes over a part of this one."""

    title = forms.CharField(label="Title of the new entry", max_length=500)
    owner = forms.ModelChoiceField(
        label="Owner",
        queryset=Owner.objects.filter(successor=None),
        required=False,
        empty_label="The same as now",
    )
    reference = forms.CharField(
        label="Reference",
        max_length=12,
        required=False,
        help_text="Leave empty for the next free number.",
    )
    field_order = ["title", "owner", "reference", "reason"]


class MoveForm(ReasonForm):
    """Which register an entry belongs in: the one above its own, or one below."""

    to = forms.ChoiceField(label="Where does it belong?", widget=forms.RadioSelect)
    field_order = ["to", "reason"]

    def __init__(self, *args: Any, near: Sequence[Register], above: int | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.near = {str(one.pk): one for one in near}
        self.fields["to"].choices = [
            (pk, f"{'Escalate' if one.pk == above else 'De-escalate'} to {one}")
            for pk, one in self.near.items()
        ]
        if len(near) == 1:
            self.fields["to"].initial = str(near[0].pk)

    @property
    def chosen(self) -> Register:
        return self.near[self.cleaned_data["to"]]


class DecideForm(forms.Form):
    """Whether a proposal is accepted; if not, why."""

    ACCEPT, DECLINE = "accept", "decline"
    how = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, "Accept: it leaves its register, and stands in this one"),
            (DECLINE, "Decline: it stays where it is"),
        ],
    )
    reason = TextBox(
        label="If you decline: because",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who proposed it reads it.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("how") == self.DECLINE and not values.get("reason"):
            self.add_error("reason", "Say why not: who proposed it reads it.")
        return values
