"""Data entry for owners and managers, and settings, on one AdminSite in the look of the register.

site.py        the site: who comes in, the index
kept.py        what every model's admin has in common: permissions, stamps, the trail
snapshots.py   the form of an entry in an edition, with its actions and strands
entries.py     entries and what became of them
editions.py    editions, publications, corrections
settings.py    registers, types, owners
people.py      users and their roles
"""

from registers.admin import editions, entries, people, settings, snapshots
from registers.admin.site import site

__all__ = ["editions", "entries", "people", "settings", "site", "snapshots"]
