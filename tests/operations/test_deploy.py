"""What is deployed is what is here: the compose file, the units of systemd and the proxy."""

from __future__ import annotations

import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from shutil import which

import pytest
from django.core.management import get_commands
from ruamel.yaml import YAML

from tests.test_readme import MANAGE, told_settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
PLACE = "/opt/five-by-five"


def services() -> dict[str, dict]:
    return YAML(typ="safe").load(COMPOSE.read_text())["services"]


def checked(*command: object) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def read(unit: Path) -> ConfigParser:
    """Strict: a line that is there twice fails."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    return parser


def test_the_compose_file_keeps_to_the_schema_of_such_files():
    program = Path(sys.executable).with_name("check-jsonschema")
    checked(program, "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_the_compose_file_hands_on_every_setting_but_those_of_another_place():
    """Debugging is for a laptop, and in a container the address is the image's."""
    assert set(services()["app"]["environment"]) == set(told_settings()) - {"DEBUG", "BIND"}


def test_the_application_in_its_container_may_write_only_where_it_must():
    for name, service in services().items():
        if service.get("image") == "five-by-five":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_what_the_units_and_the_containers_run_is_there(unit):
    commands = set(MANAGE.findall(unit.read_text())) | set(
        re.findall(r"manage\.py,? (\w+)", COMPOSE.read_text())
    )
    assert commands <= set(get_commands())
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").exists()


def test_every_unit_runs_as_its_own_user_and_writes_only_its_state():
    hardening = [
        {key: value for key, value in read(unit)["Service"].items() if "Protect" in key}
        for unit in UNITS
        if unit.suffix == ".service"
    ]
    assert all(one == hardening[0] for one in hardening)
    assert hardening[0]["ProtectSystem"] == "strict"


@pytest.mark.skipif(which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_understands_the_units(tmp_path):
    """With programs that are here in the place of those that are there."""
    for unit in UNITS:
        text = re.sub(rf"{PLACE}/\.venv/bin/\w+", sys.executable, unit.read_text())
        here = text.replace(PLACE, str(ROOT)).replace("User=register", "User=root")
        (tmp_path / unit.name).write_text(here)
    checked("systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir()))


@pytest.mark.skipif(which("caddy") is None, reason="no Caddy on this machine")
def test_the_proxy_understands_its_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", "register.example.gov.uk")
    for place in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(place, str(tmp_path))
    file = ROOT / "deploy" / "Caddyfile"
    checked("caddy", "validate", "--adapter", "caddyfile", "--config", file)
