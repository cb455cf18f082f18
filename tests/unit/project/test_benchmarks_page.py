"""The page of benchmarks is made of the figures that they keep: ratios first, tables, plots."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import codec, consume, marquez, page
from benchmarks.report import machine

WAY = {
    "per_second": 2000.0,
    "cpu_us": 270.0,
    "server_cpu_us": 80.0,
    "at_rest": 950.0,
    "wal": 1480.0,
    "memory_mb": 160.0,
}
TAKEN = {"per_second": 590.0, "p50": 5.0, "p99": 9.0, "errors": 0, "cpu_us": 400.0}
FIGURES: dict[str, dict[str, Any]] = {
    "codec": {
        "events": 100,
        "bytes": {"JSON": [6000.0, 6100.0, 1600.0, 100.0], "Avro": [1600.0, 1700.0, 900.0, 67.0]},
        "microseconds": {
            "encode": {codec.OURS: 100.0, codec.JSON: 300.0, codec.FASTAVRO: 500.0},
            "decode": {codec.OURS: 80.0, "json.loads": 40.0, codec.FASTAVRO: 200.0},
        },
    },
    "emit": {
        "rounds": 3,
        "fresh": {
            part: [2.0, 1.0]
            for part in ("client", "built", "first", "sent", "all", "median", "p95")
        },
        "forked": {
            "ours, forked": 40.0,
            "theirs, forked": 80.0,
            "theirs, forked, imported ahead": 60.0,
        },
    },
    "consume": {
        "events": 100,
        "server": "PostgreSQL 15 with lz4",
        "ways": {
            consume.RENTGEN: WAY | {"per_second": 500.0},
            consume.OURS: WAY,
            consume.PLAIN: WAY | {"at_rest": 2850.0},
        },
    },
    "ingest": {"ways": {"single": TAKEN, "bulks": TAKEN}, "ended": 50, "wrong": 0},
    "lineage": {
        "questions": [
            {"name": name, "rows": 40, "fresh": 3.0, "analysed": 2.0}
            for name in ("chain", "mesh", "hub", "columns")
        ]
    },
    "api": {
        "graphs": [
            {"name": "hub", "nodes": 5, "kb": 9, "names_ms": 1.0, "edges_ms": 1.0, "get_ms": 2.0}
        ],
        "readers": [
            {"readers": 0, "pause": 0, "per_second": 2000.0},
            {
                **{"readers": 50, "pause": 1.0, "per_second": 1600.0},
                **{"answers": 45.0, "p50": 9.0, "p99": 70.0},
            },
            {
                **{"readers": 50, "pause": 0, "per_second": 1000.0},
                **{"answers": 300.0, "p50": 10.0, "p99": 90.0},
            },
        ],
    },
}


@pytest.fixture
def written(tmp_path: Path) -> str:
    """Return the page of all figures."""
    return made(tmp_path, FIGURES)


def made(folder: Path, figures: dict[str, dict[str, Any]]) -> str:
    """Return the page that is made of figures which were kept."""
    for name, found in figures.items():
        (folder / f"{name}.json").write_text(json.dumps(found))
    assert page.main(["--parts", "--figures", str(folder), "--docs", str(folder)]) == 0
    return (folder / "benchmarks.md").read_text()


def test_ratios_come_first_and_more_is_better(written: str) -> None:
    short = written.split("## In short")[1].split("\n## ")[0]
    assert "| bytes on Kafka, beside OpenLineage's transport | 6.78 | 900 B | 6,100 B |" in short
    assert f"| storing, beside {consume.RENTGEN} | 4.00 | 2,000 / s | 500 / s |" in short
    assert "| POST /lineage: single | 10.0 | 590 / s | 59 / s |" in short
    assert f"| lineage: chain, beside {marquez.NAME} | 1,400 | 2.00 ms | 2,800 ms |" in short


def test_each_benchmark_has_its_command_a_plot_and_a_table(written: str, tmp_path: Path) -> None:
    for name in page.PARTS:
        [section] = re.findall(rf"`python -m benchmarks\.{name}\b.*?(?=\n## )", written, re.DOTALL)
        assert "\n| --- |" in section
        for image in re.findall(r"\]\((images/bench-\w+\.svg)\)", section):
            assert ElementTree.parse(tmp_path / image).getroot().tag.endswith("svg")
        assert "images/bench-" in section


def test_plots_of_the_same_figures_are_the_same(written: str, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in tmp_path.glob("images/*.svg")}
    assert len(before) == 7
    assert made(tmp_path, FIGURES) == written
    assert {file: file.read_bytes() for file in before} == before


def test_what_failed_is_said(tmp_path: Path) -> None:
    kept = {**FIGURES, "consume": {"error": "error: Data.Rentgen needs the extension x"}}
    text = made(tmp_path, kept)
    assert "It was not measured: error: Data.Rentgen needs the extension x" in text
    assert "storing, beside" not in text


def test_a_benchmark_that_fails_leaves_its_reason(tmp_path: Path) -> None:
    assert not page.measure("codec", tmp_path, ["codec=--no-such-option"])
    kept = json.loads((tmp_path / "codec.json").read_text())
    assert "unrecognized arguments: --no-such-option" in kept["error"]


def test_the_machine_is_named_without_its_name() -> None:
    described = dict(machine.described())
    assert int(described["cores"]) > 0
    assert {"processor", "memory", "Python", "Apache Kafka"} <= set(described)
    assert all(described.values())
