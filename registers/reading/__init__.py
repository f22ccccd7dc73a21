"""From rows to what a reader asks for."""
