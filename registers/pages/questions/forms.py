"""What a member asks, and what is answered: one box each."""

from __future__ import annotations

from django import forms

from registers.cycle.questions import LONGEST
from registers.models.fields import TextBox


class AskForm(forms.Form):
    text = TextBox(
        label="Your question",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It goes to the owner and the risk manager by mail, with your name, and stands "
        "on this page for all who may read the entry.",
        error_messages={"required": "Write your question."},
    )


class AnswerForm(forms.Form):
    text = TextBox(
        label="Your answer",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Everybody who may read the entry reads it, with your name and today's date.",
        error_messages={"required": "Write your answer."},
    )
