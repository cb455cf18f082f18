"""The benchmarks measure real services, and keep the figures that their page needs."""

from pathlib import Path

import pytest

from benchmarks import page

# The body of several events holds a thousand: two are the fewest to have percentiles.
TINY = (
    "consume=--events=300",
    "consume=--without-data-rentgen",
    "ingest=--events=600",
    "ingest=--workers=1",
)


@pytest.mark.slow
def test_a_page_of_tiny_benchmarks(
    kafka_bootstrap_servers: str,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka_bootstrap_servers)
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    more = [word for each in TINY for word in ("--more", each)]
    places = ["--figures", str(tmp_path), "--docs", str(tmp_path)]
    status = page.main(["--parts", "consume", "ingest", *more, *places])
    text = (tmp_path / "benchmarks.md").read_text()
    assert status == 0, text
    assert "| storing, beside plain jsonb rows | " in text
    assert "0 of " in text
    assert (tmp_path / "images" / "bench-ingest.svg").exists()
