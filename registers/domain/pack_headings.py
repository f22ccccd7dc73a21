"""The headings of a pack by which an import finds the register in it."""

# The heading of the register in its columns, and those of what comes after it.
REGISTER = "Appendix A: the register"
ACTIONS, KEY = "Appendix B: the actions", "Key to scores"
AFTER_REGISTER = (ACTIONS, KEY)
