#!/usr/bin/env python
"""Django's command line for Five by Five."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as problem:
        sys.exit(f"{problem}\nSet it in the environment; on your own machine, DEBUG=1 will do.")
