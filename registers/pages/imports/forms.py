"""The forms of an import but for its columns and rows."""

from __future__ import annotations

from typing import Any

from django import forms

from registers.domain.quarters import Quarter
from registers.models import Register

FILES = ".docx,.xlsx,.pdf,.csv,.tsv,.txt,.htm,.html"


class QuarterText(forms.CharField):
    """A quarter as people write it; None for an empty box."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, "help_text": "As Q4 2026/27.", **kwargs})

    def clean(self, value: Any) -> Quarter | None:
        text = super().clean(value)
        try:
            return Quarter.parse(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class UploadForm(forms.Form):
    """A file, or what was copied from one."""

    register = forms.ModelChoiceField(
        label="Register", queryset=Register.objects.all(), empty_label=None
    )
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": FILES}),
        help_text="Word (.docx), Excel (.xlsx), PDF or CSV, up to 20 MB.",
    )
    paste = forms.CharField(
        label="Or paste the table",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Copy the whole table in Word, Excel or a browser, its headings included.",
    )
    # What the browser has of a paste besides its text: filled in by import.js.
    paste_html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    quarter = QuarterText(
        label="Quarter",
        required=False,
        help_text="As Q4 2026/27. Leave it empty, and it is what the document calls itself.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        given = [bool(values.get("file")), bool((values.get("paste") or "").strip())]
        if not any(given) and "file" not in self.errors:
            self.add_error("file", "Choose a file, or paste the table below.")
        if all(given):
            self.add_error(
                "paste", "Here is a file and a paste: bring them in one after the other."
            )
        return values

    @property
    def content(self) -> bytes:
        if file := self.cleaned_data.get("file"):
            return bytes(file.read())
        text = self.cleaned_data["paste_html"] or self.cleaned_data["paste"]
        return str(text).encode()

    @property
    def name(self) -> str:
        file = self.cleaned_data.get("file")
        return file.name if file else "What was pasted"


class ApplyForm(forms.Form):
    """Whether it is the edition that it calls itself."""

    right = forms.BooleanField(
        label="It is this edition",
        error_messages={"required": "Tick that it is this edition, or say below which it is."},
    )


class MissingForm(forms.Form):
    """What the document does not say of itself."""

    quarter = QuarterText(label="Quarter", required=False)
    levels = forms.CharField(
        label="What its levels are on the 5×5",
        required=False,
        max_length=200,
        help_text="Each level of theirs and what it is here, from 1 to 5, rising: "
        "1:1, 2:2, 3:4, 4:5. Scores are then made of impact and likelihood.",
    )

    def __init__(self, *args: Any, asks: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(asks):
            del self.fields[name]
