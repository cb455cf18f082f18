"""`python -m demo.capture`: run the sample DAGs and keep the events that OpenLineage made of them.

The events come from OpenLineage's own file transport, beside ours, so that tests can hold what
we sent against what was emitted. The demo must not be running: it has the same state folder.
"""

import gzip
import json
import sys
from dataclasses import replace
from pathlib import Path

from demo import show
from services import chain
from services.chain import Options
from services.errors import DemoError
from services.state import REPOSITORY, STATE, only_one

EVENTS = REPOSITORY / "tests" / "data" / "airflow-events.ndjson.gz"


def beside_file(file: Path, topic: str = chain.TOPIC) -> str:
    """Return the JSON of a transport that gives each event to Kafka and appends it to `file`."""
    ours = {
        "type": "openlineage_avro.AvroKafkaTransport",
        "bootstrap_servers": "$KAFKA_BOOTSTRAP_SERVERS",
        "topic": topic,
    }
    plain = {"type": "file", "log_file_path": str(file), "append": True}
    return json.dumps({"type": "composite", "transports": {"avro": ours, "plain": plain}})


def main() -> int:
    """Capture the events anew and return the exit status."""
    file = STATE / "captured.ndjson"
    try:
        with only_one(STATE, "the demo"):
            file.unlink(missing_ok=True)
            options = replace(Options().with_environment(), transport=beside_file(file))
            with chain.running(options, print) as running:
                show.wait_until_stored(running, show.run_dags(running, print))
            lines = _without_places(file.read_text()).splitlines(keepends=True)
    except DemoError as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    # No time in the header: the same events give the same file.
    EVENTS.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    print(f"{len(lines)} events in {EVENTS.relative_to(REPOSITORY)}")
    return 0


def _without_places(text: str) -> str:
    """Replace what names folders of this machine."""
    for place, name in (
        (sys.prefix, "/opt/venv"),
        (str(REPOSITORY), "/opt/openlineage-avro"),
        (sys.base_prefix, "/usr/local"),
    ):
        text = text.replace(place, name)
    return text


if __name__ == "__main__":
    sys.exit(main())
