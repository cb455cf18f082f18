"""Where answers differ from Marquez's on purpose, and why: docs/api.md says more of each.

A reason has patterns of `ENDPOINT PLACE: WANTED -> CAME`, as tests/support/partings.py tells them.
No pattern lets a state or the id of a run pass without its value.
"""

import re

# The lines of what Marquez was sent and did not take: a date without a time (it answered 500), and
# what its validation refuses. Its answers know nothing of them; here they would be stored, so that
# they are left out: the rest is compared on the same events.
REFUSED = {"spec_and_integrations": (4, 5, 13, 21, 22)}

# Where a run is shown.
RUN = r"(/jobs/#|/versions/#|/graph/#/data)?(/latestRun|/latestRuns/#|/runs/#|/createdByRun)?"
# Where a dataset or a version of one is shown.
DATASET = r"(/datasets/#|/versions/#|/graph/#/data)?"
PAGES_OF_JOBS = r"/jobs /jobs/#: (missing|more) \S.*"
# Facets of datasets that two events of one eventTime tell otherwise.
TIED = r"(schema|dataSource|columnLineage|lifecycleStateChange|symlinks)"
# A version of a dataset that a run read.
READ = rf"{RUN}/inputDatasetVersions/#"

# The first reason counts that has a pattern of the whole text.
DIFFERENCES: dict[str, tuple[str, ...]] = {
    "nominal times are told": (rf'\S+ {RUN}/nominal(Start|End)Time: null -> "\S+"',),
    "events are listed as they were sent, and counted as they are listed": (
        r"/events/lineage /events/#/\S+: missing",
        r"/events/lineage /events/#/run/facets/parent/(run|job)/facets: more",
        r'/events/lineage /events/#/\S*[tT]ime: "\S+" -> "\S+"',
        r"/events/lineage /totalCount: 37 -> 35",
    ),
    "a search finds all, and counts all that it found": (
        r"/search /totalCount: \d+ -> \d+",
        r"/search /results/#: (missing|more) .*",
    ),
    "statistics of inputs are with the runs": (
        rf"\S+ {DATASET}/facets/(inputStatistics|dataQualityMetrics|icebergScanReport|subset)"
        r": missing",
    ),
    "numbers have every digit that was sent": (
        rf"\S+ {RUN}/(in|out)putDatasetVersions/#/facets/iceberg\w+/snapshotId:"
        r" \d+ -> \d\.\d+e\+18",
    ),
    "a dataset is found under each of its names": (
        r"/(column-)?lineage : status 404 -> 200",
        rf"/namespaces/\{{\}}/datasets(/\{{\}}(/versions)?)? {DATASET}/columnLineage: null -> list",
        r"/namespaces/\{\}/datasets/\{\}/versions /versions/#: more \S.*",
        r"/namespaces/\{\}/datasets/\{\}/versions /totalCount: 0 -> \d+",
        rf'\S+ {DATASET}/sourceName: "default" -> "(hive|hdfs)://\S+"',
        rf"\S+ {DATASET}/facets/(catalog|storage|symlinks|version|lifecycleStateChange): more",
        r"/namespaces/\{\}/jobs(/\{\}(/versions)?)? (/jobs/#|/versions/#)?/(in|out)puts/#:"
        r" more \S.*",
        r"/jobs /jobs/#/(in|out)puts/#: more \S.*",
        r"/lineage /graph/#(/data/(in|out)puts/#|/(in|out)Edges/#)?: (missing|more) .*"
        r"(hive|hdfs|kafka|spark)\S*://.*",
        r"\S+ (/jobs/#|/versions/#)?/inputs/#: missing .*test-hadoop.*",
        r"/namespaces/\{\}/datasets(/\{\})? (/datasets/#)?/physicalName:"
        r' "mydatabase.source_table" -> "\S+"',
        r"/namespaces/\{\}/datasets(/\{\})? (/datasets/#)?/facets/dataSource/(name|uri):"
        r" .*test-hadoop.*",
        r"/namespaces/\{\}/datasets /datasets/#/facets/symlinks/(_producer: str -> str"
        r"|identifiers/#: .*)",
        r"/column-lineage /graph/#(/(in|out)Edges/#)?: (missing|more) .*(hive|hdfs|kafka"
        r"|spark)\S*://.*",
    ),
    "what is known of a dataset or job does not go when an event leaves it out": (
        r"/lineage /graph/#/data/fields/#: more \S.*",
        rf"/namespaces/\{{\}}/datasets(/\{{\}}(/versions)?)? {DATASET}/fields/#: more \S.*",
        rf"\S+ {DATASET}/facets/(columnLineage|schema|dataSource|documentation"
        r"|dataQualityAssertions): more",
        r'(/namespaces/\{\})?/jobs(/\{\})? (/jobs/#)?/description: null -> "Task description"',
        r'/lineage /graph/#/data/description: null -> "Task description"',
    ),
    "a column has one entry for each column that it is made of": (
        r"/column-lineage /graph/#/data/inputFields/#: missing \S.*",
        r'/column-lineage /graph/#/data/fieldType: null -> "\w+"',
        r"/namespaces/\{\}/datasets(/\{\})? (/datasets/#)?/columnLineage/#(/inputFields/#)?:"
        r" missing \S.*",
    ),
    "of two runs that overlap the latest is that which started last": (
        r"/lineage /graph/#/data/latestRun/id:"
        r" 01a2033f-1955-7403-81a1-0e706c50a94d -> 01a2033f-197e-707f-a697-8e69488c4b9d",
        r"/lineage /graph/#/data/currentRunUuid:"
        r' "01a2033f-1955-7403-81a1-0e706c50a94d" -> "01a2033f-197e-707f-a697-8e69488c4b9d"',
        r"/namespaces/\{\}/jobs(/\{\}(/versions)?)? (/jobs/#|/versions/#)?/latestRun/id:"
        r" 01a2033f-1955-\S+ -> 01a2033f-197e-\S+",
    ),
    "the ten latest runs are those that started last": (
        r'\S+ (/jobs/#)?/latestRuns/#: missing \["01a2033d-b(3f8|455)-\S+"\]',
    ),
    "a run began with its first START, not with the last RUNNING": (
        rf'\S+ {RUN}/startedAt: "\S+" -> "\S+"',
    ),
    "a run's state is that of its latest terminal event by eventTime": (
        rf'\S+ {RUN}/state: "RUNNING" -> "COMPLETED"',
        r'/runlineage/upstream /runs/#/run/status: "RUNNING" -> "COMPLETED"',
        rf'\S+ {RUN}/endedAt: (null|"\S+") -> "\S+"',
        r'/runlineage/upstream /runs/#/run/end: null -> "\S+"',
        rf"\S+ {RUN}/durationMs: (null|\d+) -> \d+",
    ),
    "a version is current from the end of its run, by eventTime": (
        rf"\S+ {READ}: (missing|more) \S.*",
        r"/runlineage/upstream /runs/#(/inputs/#)?: missing \S.*",
        r"/namespaces/\{\}/datasets/\{\}/versions /versions/#: missing \S.*",
        r"/namespaces/\{\}/datasets/\{\}/versions /versions/#/createdByRun: null -> dict",
        r"/namespaces/\{\}/datasets/\{\}/versions /totalCount: 3 -> 2",
        r"/namespaces/\{\}/datasets/\{\}/versions /versions/#/facets/"
        r"(lifecycleStateChange|version|schema|storage|columnLineage)/\S+: .*",
    ),
    "a parent keeps its own namespace, and is one run": (
        r"/namespaces/\{\}/jobs/\{\}(/runs|/versions)? : status 200 -> 404",
        r'/runlineage/upstream /runs/#/job/namespace: "spark_prod" -> "airflow_prod"',
        r'/namespaces /namespaces/#: more \["airflow_prod"\]',
        r"/namespaces/\{\}/jobs /jobs/#: missing .*spark_prod.*",
        r"/namespaces/\{\}/jobs /totalCount: 38 -> 34",
        r'\S+ \S*/(latestRuns|runs)/#: missing \["<uuid>"\]',
        # The run before those that Marquez lists twice.
        r"\S+ (/jobs/#)?/latestRuns/#: more \[.01a203\S+\]",
        r"/namespaces/\{\}/jobs(/\{\})? (/jobs/#)?/latestRuns?: (dict|list) -> null",
        r"/namespaces/\{\}/jobs/\{\}/runs (/runs/#: more \[.01\S+\]|/totalCount: \d+ -> \d+)",
    ),
    "jobs are listed by the time of their last event, and by states only those in them": (
        PAGES_OF_JOBS,
    ),
    "a job's version is known where its run has ended, also of jobs that stream": (
        rf"\S+ {RUN}/jobVersion: null -> dict",
        r'/runlineage/upstream /runs/#/job/version: null -> "\S+"',
    ),
    "of events of one eventTime that counts which has more, whatever came first": (
        rf"/namespaces/\{{\}}/datasets(/\{{\}})? {DATASET}/facets/{TIED}/_producer:"
        r" .*unknown://unknown.*",
        rf"/namespaces/\{{\}}/datasets(/\{{\}})? {DATASET}/facets/columnLineage/fields/\w+"
        r"/inputFields/#: (missing|more) .*test-hadoop.*",
        r"/namespaces/\{\}/datasets(/\{\})? (/datasets/#)?/columnLineage/#/inputFields/#:"
        r" (missing|more) .*test-hadoop.*",
        rf'\S+ {DATASET}/sourceName: "default" -> "string"',
        r"/namespaces/\{\}/datasets(/\{\})? (/datasets/#)?/facets/schema/"
        r'(_schemaURL: str -> "http://test.schema.url"|fields/#/fields: more)',
        r'/jobs /jobs/#/facets/jobType/\w+: "(unknown://unknown|UNKNOWN|SOMETHING)" -> \S+',
        r'/jobs /jobs/#/labels/#: (missing "(UNKNOWN|SOMETHING)"|more "(SPARK|APPLICATION)")',
    ),
    "a run has one job, though two send events of it": (
        r'/lineage /graph/#/data/currentRunUuid: "01908224-8410-79a2-8de6-a769ad6944c9" -> null',
        r"/lineage /graph/#/data/latestRun: dict -> null",
        r"/lineage /graph/#(/data/outputs/#|/outEdges/#)?:"
        r" more .*(mytable|spark_session|somejob).*",
    ),
}


def match_of(endpoint: str, parting: str) -> str | None:
    """Return the pattern by which an answer may part there; None where there is none."""
    where = f"{endpoint} {parting}"
    for patterns in DIFFERENCES.values():
        for pattern in patterns:
            if re.fullmatch(pattern, where):
                return pattern
    return None
