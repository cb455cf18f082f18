"""The commands `query upstream | downstream | columns | …`: what the store knows, by questions."""

import argparse
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from consumer.cli.options import add_command, add_database, store_url_of
from consumer.errors import SettingsError
from consumer.query.questions import COLUMN_IMPACT, COLUMNS_DOWNSTREAM, QUESTIONS, Question

if TYPE_CHECKING:
    from consumer.cli.options import Commands


def add(commands: "Commands") -> None:
    """Add a command for each question, with its options."""
    meaning = "ask what comes from where, what would break, what ran; needs the database alone"
    nested = commands.add_parser("query", help=meaning).add_subparsers(
        required=True, metavar="QUESTION", help="what to ask"
    )
    for name, question in QUESTIONS.items():
        parser = add_command(nested, name, _run, question.meaning)
        parser.set_defaults(question=name)
        add_database(parser)
        parser.add_argument(
            "--format",
            choices=question.formats,
            default=question.default_format,
            help="how to show the answer (default: %(default)s)",
        )
        ARGUMENTS[name](parser)


def _run(options: argparse.Namespace) -> None:
    from consumer.query.ask import ask
    from consumer.query.questions import DIAGRAMS, parameters_of_edges, shown

    question, url = _question(options), store_url_of(options)
    answer = ask(url, question.statement, vars(options))
    edges = None
    if question.edges and question.shape and options.format in DIAGRAMS:
        among = parameters_of_edges(answer, vars(options), question.shape)
        edges = ask(url, question.edges, among)
    # Walks begin at a name or a run.
    asked = getattr(options, "name", None) or getattr(options, "run_id", None)
    print(shown(answer, question, options.format, asked, edges))


def _question(options: argparse.Namespace) -> Question:
    if options.question == "columns" and options.downstream:
        return COLUMNS_DOWNSTREAM
    if options.question == "impact" and options.field is not None:
        if options.kind == "job":
            raise SettingsError(f"--job: expected a dataset with FIELD, got {options.field!r}")
        return COLUMN_IMPACT
    return QUESTIONS[options.question]


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="without its namespace")
    parser.add_argument("--namespace", help="where the name stands in several")


def _add_kind(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("dataset", "job"):
        meaning = f"NAME is that of a {kind}, if it may be that of either"
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=meaning)


def _add_depth(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--depth", type=_count, metavar="N", help="most steps (default: no limit)")


def _add_walk(parser: argparse.ArgumentParser) -> None:
    _add_name(parser)
    _add_kind(parser)
    _add_depth(parser)
    parser.add_argument(
        "--since", type=_time, metavar="TIME", help="only edges that events told of since then"
    )
    parser.add_argument(
        "--as-of", type=_time, metavar="TIME", help="only edges that were told of by then"
    )
    parser.add_argument(
        "--edges",
        choices=("ever", "latest"),
        default="ever",
        help="all edges, or those of each job's last completed run (default: %(default)s)",
    )


def _add_columns(parser: argparse.ArgumentParser) -> None:
    _add_name(parser)
    parser.add_argument("field", metavar="FIELD", help="a column of the dataset")
    _add_depth(parser)
    parser.add_argument("--downstream", action="store_true", help="what depends on it instead")
    parser.add_argument(
        "--direct-only", action="store_true", help="without columns that only filter, join or sort"
    )


def _add_impact(parser: argparse.ArgumentParser) -> None:
    _add_name(parser)
    parser.add_argument("field", metavar="FIELD", nargs="?", help="a column of the dataset")
    _add_kind(parser)


def _add_path(parser: argparse.ArgumentParser) -> None:
    for field, end in (("name", "FROM"), ("to_name", "TO")):
        parser.add_argument(field, metavar=end, help="a dataset or job, without its namespace")
    for before, end in (("", "from"), ("to_", "to")):
        parser.add_argument(
            f"--{end}-namespace",
            dest=f"{before}namespace",
            metavar="NAMESPACE",
            help=f"of {end.upper()}, where it stands in several",
        )
        parser.add_argument(
            f"--{end}-kind",
            dest=f"{before}kind",
            choices=("dataset", "job"),
            help=f"what {end.upper()} is, if it may be either",
        )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_id", metavar="RUN_ID", help="the OpenLineage runId")


def _add_run_walk(parser: argparse.ArgumentParser) -> None:
    _add_run(parser)
    _add_depth(parser)


def _add_runs(parser: argparse.ArgumentParser) -> None:
    _add_run(parser)
    parser.add_argument("other_run_id", metavar="OTHER_RUN_ID", help="the runId of the other")


def _add_pipeline_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pipeline_run_id", metavar="PIPELINE_RUN_ID", help="the id that its runs share"
    )


def _add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", metavar="TEXT", help="words, or their beginnings; or an id of a run"
    )
    parser.add_argument(
        "--limit", type=_count, default=50, metavar="N", help="most of each kind (default: 50)"
    )


ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "upstream": _add_walk,
    "downstream": _add_walk,
    "columns": _add_columns,
    "impact": _add_impact,
    "path": _add_path,
    "runs-upstream": _add_run_walk,
    "runs-downstream": _add_run_walk,
    "timeline": _add_pipeline_run,
    "critical-path": _add_run,
    "compare": _add_runs,
    "schema-changes": _add_name,
    "names": _add_name,
    "search": _add_text,
}


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}")
    return int(text)


def _time(text: str) -> datetime:
    """Return the time that a text means; one without a zone is UTC, as in the database."""
    if re.fullmatch(r"\d{1,5}d", text, re.ASCII):
        return datetime.now(timezone.utc) - timedelta(days=int(text[:-1]))
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a date, a time such as 2026-01-13T08:00+01:00, or days ago such as 30d,"
            f" got {text!r}"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
