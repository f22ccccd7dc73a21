"""Fields of the forms: a square on the 5×5, bulleted text beside last quarter's, a name looked up.

Every widget works without script and is drawn by a template in templates/registers/widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from registers.domain import passages, scale
from registers.domain.folding import fold
from registers.models.fields import MOST_IN_A_TEXT, at_most


@dataclass(frozen=True, slots=True)
class GridCell:
    """One square as it is drawn: `css` holds its band and its part of the appetite line."""

    position: scale.Position
    css: str
    band: str
    above_appetite: bool

    @property
    def score(self) -> int:
        return self.position.score

    @property
    def value(self) -> str:
        return f"{self.position.impact}x{self.position.likelihood}"


@dataclass(frozen=True, slots=True)
class GridRow:
    level: int
    word: str
    cells: tuple[GridCell, ...]


def grid_rows(kind: str, bands: scale.Bands, appetite: int | None) -> tuple[GridRow, ...]:
    """The 5×5 from the highest impact down. Only risks have an appetite line."""
    limit = appetite if kind == scale.RISK else None

    def above(impact: int, likelihood: int) -> bool:
        return limit is not None and impact * likelihood > limit

    def cell(impact: int, likelihood: int) -> GridCell:
        position = scale.Position(impact, likelihood)
        css = [f"{'r' if kind == scale.RISK else 'o'}{bands.of(position.score)}"]
        if above(impact, likelihood):
            if likelihood > 1 and not above(impact, likelihood - 1):
                css.append("ap-l")
            if impact > 1 and not above(impact - 1, likelihood):
                css.append("ap-b")
        word = bands.word(position.score, kind)
        return GridCell(position, " ".join(css), word, above(impact, likelihood))

    return tuple(
        GridRow(
            impact,
            scale.impact_word(impact, kind),
            tuple(cell(impact, likelihood) for likelihood in scale.LEVELS),
        )
        for impact in reversed(scale.LEVELS)
    )


# A square of the 5×5 ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placing:
    """A score and, where it is known, the square it stands on. An old edition may give only 20."""

    position: scale.Position | None = None
    score: int | None = None

    @classmethod
    def of(cls, impact: int | None, likelihood: int | None, score: int | None) -> Placing:
        if impact is None or likelihood is None:
            return cls(None, score)
        return cls(scale.Position(impact, likelihood), impact * likelihood)

    @property
    def is_empty(self) -> bool:
        return self.position is None and self.score is None


UNKNOWN = "unknown"


class ScorePicker(forms.Widget):
    """25 radio buttons laid out as the grid; and, where asked for, 'not known' with a bare score.

    Set by the form: `kind`, `bands`, `appetite`; `before`, which gives last quarter's placing and
    the name of its quarter ('Q3'); `offers_unknown`.
    """

    template_name = "registers/widgets/score_picker.html"
    use_fieldset = True

    kind: str = scale.RISK
    bands = scale.Bands()
    appetite: int | None = None
    before: Callable[[], tuple[Placing, str] | None] | None = None
    offers_unknown = True

    def id_for_label(self, id_: str, index: str | None = "0") -> str:
        """The first square: where a link from the summary of problems leads."""
        return f"{id_}_0" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_score", "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_score" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        choice, score = self._chosen(value)
        rows = grid_rows(self.kind, self.bands, self.appetite)
        chosen = next((c for row in rows for c in row.cells if c.value == choice), None)
        was, was_label = (self.before() if self.before else None) or (Placing(), "")
        context["widget"].update(
            rows=rows,
            likelihoods=list(enumerate(scale.LIKELIHOOD_WORDS, start=1)),
            choice=choice,
            chosen=chosen,
            score=score,
            scores=[str(number) for number in scale.SCORES],
            kind=self.kind,
            offers_unknown=self.offers_unknown,
            unknown=UNKNOWN,
            was_position=was.position,
            was_score=was.score if was.position is None else None,
            was_label=was_label,
        )
        return context

    def _chosen(self, value: Any) -> tuple[str, str]:
        """(value of the radio, score on its own) of what the field holds or a person sent."""
        if isinstance(value, tuple):
            return value
        if not isinstance(value, Placing) or value.is_empty:
            return "", ""
        if value.position is None:
            return UNKNOWN, str(value.score)
        return f"{value.position.impact}x{value.position.likelihood}", ""


class ScoreField(forms.Field):
    """A Placing. A chosen square gives impact, likelihood and score together."""

    widget = ScorePicker
    default_error_messages = {
        "invalid": "Choose one of the 25 squares.",
        "score": "A score is two levels from 1 to 5 multiplied, such as 12 or 20.",
    }

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> Placing:
        choice, score = value or ("", "")
        if choice and choice != UNKNOWN:
            impact, _, likelihood = choice.partition("x")
            try:
                position = scale.Position(int(impact), int(likelihood))
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
            return Placing(position, position.score)
        if not score:
            return Placing()
        try:
            number = int(score)
        except ValueError as error:
            raise ValidationError(self.error_messages["score"], code="score") from error
        if not scale.is_score(number):
            raise ValidationError(self.error_messages["score"], code="score")
        position = scale.certain_position(number)
        return Placing(position, number)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or Placing())
        except ValidationError:
            return True


# Bulleted text ------------------------------------------------------------------------------------


def _too_long(value: str | None) -> bool:
    return len(value or "") > MOST_IN_A_TEXT


def in_order(text: str, unmarked: str) -> str:
    """Its written form; as it was typed where it is too long to be kept."""
    if _too_long(text):
        return text
    return passages.write(passages.parse(text, unmarked), unmarked)


class PassageArea(forms.Textarea):
    """A text area with last quarter's text beside it.

    Set by the form: `before`, which gives last quarter's Passage and its heading ('In Q3 2026/27'),
    or None where there is no earlier edition; and `unmarked`, how a line without a mark is read.
    """

    template_name = "registers/widgets/passage_area.html"

    before: Callable[[], tuple[passages.Passage, str] | None] | None = None
    unmarked = passages.BULLET

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        was, was_label = (self.before() if self.before else None) or (None, "")
        # What is too long to be kept stands as it was typed, and is compared with nothing.
        now = passages.parse("" if _too_long(value) else value or "", self.unmarked)
        # Enough room for what is there and a line or two more.
        lines = sum(1 + len(point.text) // 80 for point in now)
        context["widget"]["attrs"]["rows"] = max(4, min(lines + 2, 24))
        context["widget"].update(
            was=was,
            was_label=was_label,
            was_written=passages.write(was or (), self.unmarked),
            same=was is not None and now == was,
            # Marked word by word once both say something; before that there is nothing to compare.
            changed=passages.compare(was, now) if was and now and now != was else None,
        )
        return context


class PassageFormField(forms.CharField):
    """Text in the written form of `registers.domain.passages`, put in order as it comes in."""

    widget = PassageArea
    default_validators = [at_most]

    def __init__(self, *, unmarked: str = passages.BULLET, **kwargs: Any):
        kwargs.setdefault("required", False)
        # Spaces at the start of a line say how deep a point is.
        super().__init__(strip=False, **kwargs)
        self.unmarked = self.widget.unmarked = unmarked

    def to_python(self, value: Any) -> str:
        return in_order(super().to_python(value), self.unmarked)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial or "") != self.to_python(data or "")


# A row by its name --------------------------------------------------------------------------------

SUGGESTED_AT_MOST = 500
LONGEST_NAME = 500


class SuggestInput(forms.TextInput):
    """A text field that suggests names while a person types; the browser's own, without script."""

    template_name = "registers/widgets/suggest.html"
    names: Callable[[], Iterable[str]] | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = list(self.names()) if self.names else []
        list_id = f"{context['widget']['attrs'].get('id', name)}_names"
        context["widget"]["list_id"] = list_id
        context["widget"]["attrs"] |= {"list": list_id, "autocomplete": "off"}
        return context


class SuggestField(forms.ModelChoiceField):
    """A row chosen by typing its name, or enough of it to be the only one.

    `find(rows, text)` gives the rows that a text can mean, such as those with an alias like it.
    """

    widget = SuggestInput

    def __init__(
        self,
        queryset: QuerySet,
        *,
        find: Callable[[QuerySet, str], QuerySet],
        nothing: str = "Nothing is called “%s”.",
        **kwargs: Any,
    ):
        super().__init__(queryset, **kwargs)
        self.find, self.nothing = find, nothing

    def __deepcopy__(self, memo: dict[int, Any]) -> SuggestField:
        copy = super().__deepcopy__(memo)
        copy.widget.names = copy.names
        return copy

    def names(self) -> list[str]:
        return [self.label_from_instance(row) for row in self.queryset.all()[:SUGGESTED_AT_MOST]]

    def prepare_value(self, value: Any) -> Any:
        """The name of the row that the field holds; what a person typed stays as it is."""
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return self.label_from_instance(value) if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Model | None:
        if isinstance(value, Model):
            return value
        text = " ".join((value or "").split())
        if not text:
            return None
        if len(text) > LONGEST_NAME:
            raise ValidationError("A name is shorter than this: type the first words of it.")
        found = list(self.find(self.queryset.all(), text)[:10])
        exact = [row for row in found if fold(self.label_from_instance(row)) == fold(text)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        message = self.nothing % text
        if found:
            names = "; ".join(self.label_from_instance(row) for row in found)
            message = f"“{text}” can mean more than one: {names}."
        raise ValidationError(message, code="invalid_choice")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ""
        return fold(data or "") != fold(str(before))
