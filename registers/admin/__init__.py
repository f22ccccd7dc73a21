"""Data entry for owners and managers, and settings, on one AdminSite in the look of the register.

site.py        the site: who comes in, the index
base.py        what every model's admin has in common: permissions, stamps, the trail
base_forms.py  what every form has in common: the database's sentences at their fields
snapshots.py   the entries of an edition; their form, their rows below and how they are read are
               in snapshot_form.py, snapshot_rows.py and snapshot_reading.py
entries.py     entries and what became of them
editions.py    editions, publications, corrections
settings.py    registers, types, owners
people.py      users and their roles
state.py       how the system is doing
"""

from registers.admin import editions, entries, people, settings, snapshots
from registers.admin.site import site

__all__ = ["editions", "entries", "people", "settings", "site", "snapshots"]
