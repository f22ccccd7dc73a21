"""The subject in plain Python: nothing here knows of Django, or of anything of ours above it."""
