"""Who changed what in a register, from what to what, when and why: for those who audit."""

from registers.audit.asked import KINDS, NOBODY, Asked
from registers.audit.trail import PAGE, Page, Place, everything, page

__all__ = ["KINDS", "NOBODY", "PAGE", "Asked", "Page", "Place", "everything", "page"]
