"""Each alert has a case that makes it fire, for `promtool test rules`."""

import shutil
import subprocess

import pytest
import yaml

from services.state import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "prometheus"


def test_every_alert_has_a_case() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())
    cases = yaml.safe_load((FOLDER / "alerts.test.yml").read_text())
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    assert cases["rule_files"] == ["alerts.yml"]
    assert [case["name"] for case in cases["tests"]] == ["all is well", *alerts]


@pytest.mark.skipif(not shutil.which("promtool"), reason="Prometheus' promtool is not installed")
def test_each_alert_fires_in_its_case() -> None:
    command = ["promtool", "test", "rules", "alerts.test.yml"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
