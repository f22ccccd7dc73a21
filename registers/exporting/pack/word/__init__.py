"""A pack as a Word document: real styles, real lists, heading rows, pictures told in words."""

from registers.exporting.pack.word.writing import write

__all__ = ["write"]
