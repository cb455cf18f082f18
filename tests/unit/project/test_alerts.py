"""Each alert has a case that makes it fire, for `promtool test rules`."""

import yaml

from services.state import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "prometheus"


def test_every_alert_has_a_case() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())
    cases = yaml.safe_load((FOLDER / "alerts.test.yml").read_text())
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    assert cases["rule_files"] == ["alerts.yml"]
    assert [case["name"] for case in cases["tests"]] == ["all is well", *alerts]
