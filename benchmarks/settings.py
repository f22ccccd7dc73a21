"""The production settings, with two bare views beside the pages to measure them against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
