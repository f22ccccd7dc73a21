"""Recompute every publication and say whether anything was touched since."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import BaseCommand, CommandError

from registers import cycle
from registers.models import Publication, Register


class Command(BaseCommand):
    help = (
        "Recompute every publication: its digest, its link to the one before, and the published "
        "rows. Names the first that fails in each register and exits with 1. A digest that was "
        "kept elsewhere, for example in the minutes, proves that nothing up to it was taken away "
        "or written anew: give it with --expect."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--register", metavar="SLUG", help="only this register")
        parser.add_argument(
            "--expect",
            metavar="DIGEST",
            action="append",
            default=[],
            help="a SHA-256 that has to be in a chain; what came after it is named",
        )

    def handle(self, *args, register: str | None, expect: list[str], **options) -> None:
        found = Register.objects.all()
        if register is not None:
            found = found.filter(slug=register)
            if not found:
                raise CommandError(f"There is no register “{register}”.", returncode=2)
        expected = [_digest(text) for text in expect]
        chains = {one: self._verify(one) for one in found}
        failed = [one for one, chain in chains.items() if chain is None]
        missing = [digest for digest in expected if not self._proved(digest, chains)]
        for digest in missing:
            self.stderr.write(
                f"No verified publication has the digest {digest}. Either it was never one of "
                f"{register or 'these registers'}, or a publication was taken away, or the chain "
                "was written anew."
            )
        if failed:
            raise CommandError(f"Not as published: {', '.join(map(str, failed))}.")
        if missing:
            raise CommandError("What was expected is not there.")

    def _verify(self, register: Register) -> list[Publication] | None:
        """The whole chain of a register; None where something in it fails."""
        chain: list[Publication] = []
        for publication, failure in cycle.verify(register):
            if failure:
                self.stderr.write(f"{register}: {failure}")
                self.stdout.write(f"{register}: {_count(len(chain))} verified before it.")
                return None
            publication.document = ""  # verified, and not to be held for the whole chain
            chain.append(publication)
        said = f"{register}: {_count(len(chain))} verified."
        if chain:
            said += f" The latest is {chain[-1]}, SHA-256 {chain[-1].digest}"
        self.stdout.write(said)
        return chain

    def _proved(self, digest: str, chains: Mapping[Register, list[Publication] | None]) -> bool:
        """Say where the chain has a digest, and what came after it."""
        for register, chain in chains.items():
            after = cycle.proved_by(digest, chain or [])
            if chain and after is not None:
                proved = chain[-len(after) - 1]
                said = f"Published after it: {'; '.join(map(str, after))}." if after else ""
                self.stdout.write(
                    f"{register}: {digest} is {proved}: it and all before it stand as they were "
                    f"published. {said or 'Nothing was published after it.'}"
                )
                return True
        return False


def _digest(text: str) -> str:
    """A digest as it was written down, perhaps in capitals or in groups."""
    digest = "".join(text.split()).lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise CommandError(
            f"“{text}” is no digest: 64 of the digits 0 to 9 and letters a to f.", returncode=2
        )
    return digest


def _count(number: int) -> str:
    return "1 publication" if number == 1 else f"{number} publications"
