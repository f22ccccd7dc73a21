"""The fields in which a person enters a day or a moment: every form uses these, and no other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from registers import cycle
from registers.domain import days
from registers.domain.quarters import Quarter

_WAYS_OF_WRITING = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]


class DayInput(forms.DateInput):
    """The browser's own date box. The latest day keeps it from asking for six digits of a year."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"max": days.LAST.isoformat(), **(attrs or {})}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        latest = f"{days.LAST.isoformat()}T23:59"
        super().__init__({"max": latest, **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day between 1990 and 2100; two digits of a year are of this century."""

    widget = DayInput
    default_error_messages = {"invalid": days.HOW_TO_WRITE}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"input_formats": _WAYS_OF_WRITING, **kwargs})

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is None:
            return None
        day = days.of_our_time(day)
        if not days.can_be_meant(day):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day

    def strptime(self, value: str, format: str) -> date:
        return _this_century(super().strptime(value, format), format)


class MomentField(forms.DateTimeField):
    """A day, as above, and a time of it."""

    widget = MomentInput
    default_error_messages = {
        "invalid": f"{days.HOW_TO_WRITE[:-1]}, and the time after it: 31/03/2027 17:00."
    }

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        moment = days.of_our_time(moment)
        if not days.can_be_meant(moment.date()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def strptime(self, value: str, format: str) -> datetime:
        return _this_century(super().strptime(value, format), format)


def _this_century(day: Any, way: str) -> Any:
    """Python reads 31/03/75 as of 1975; whoever enters it can't mean that."""
    of_1900s = "%y" in way and day.year < 2000
    return day.replace(year=day.year + 100) if of_1900s else day


class QuarterDates(forms.Form):
    """The dates of a quarter on a form, held to the rule that the verbs keep.

    What is merely doubtful can be confirmed: the box to tick shows once there is a doubt.
    """

    sure = forms.BooleanField(
        label="The dates are right, though they lie far from the quarter",
        required=False,
        widget=forms.HiddenInput,
    )

    def hold_to(self, quarter: Quarter, said: dict[str, Any]) -> None:
        """Put what the rule says against the dates at their fields."""
        dates = {name: said.get(name) for name in ("deadline", "committee_on")}
        try:
            cycle.check_dates(quarter, **dates, sure=bool(said.get("sure")))
        except cycle.DatesRefused as refusal:
            self.object_to(refusal)
        if said.get("sure"):
            self._ask_whether_sure()

    def object_to(self, refusal: cycle.DatesRefused) -> None:
        for objection in refusal.objections:
            self.add_error(objection.field, objection.sentence)
        if any(objection.doubtful for objection in refusal.objections):
            self._ask_whether_sure()

    def _ask_whether_sure(self) -> None:
        self.fields["sure"].widget = forms.CheckboxInput()
