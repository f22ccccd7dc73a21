"""A whole register as a file of JSON lines: nothing that a council put in is locked in.

The first line says what it is and which publications it proves; then a line for each row, in the
order in which rows can be put back; the last line counts them. No passwords, roles or mail go out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from registers.models import Publication, Register
from registers.models.whole import columns, rows

FORMAT = 1


class Exactly(DjangoJSONEncoder):
    """Moments to the microsecond: a published document names them so."""

    def default(self, value: object) -> object:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def lines(register: Register) -> Iterator[str]:
    """The file, line by line."""
    chain = Publication.objects.filter(register=register).order_by("sequence")
    yield json.dumps(
        {
            "format": FORMAT,
            "register": register.slug,
            "made_at": timezone.now().isoformat(),
            "digests": list(chain.values_list("digest", flat=True)),
        }
    )
    count = 0
    writer = serializers.get_serializer("jsonl")
    for name, found in rows(register):
        fields = columns(name)
        for row in found.iterator(chunk_size=500):
            count += 1
            yield writer().serialize([row], fields=fields, cls=Exactly).rstrip("\n")
    yield json.dumps({"rows": count})
