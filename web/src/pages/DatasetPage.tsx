// A dataset: its schema and how it changed, who writes and reads it, what depends on it.
import { type DatasetPage as Dataset, pathOf, useAnswers } from "../api/client";
import { bytes, NOTHING, number, plural, time } from "../format";
import { Card, Facts, Table } from "../parts/Card";
import { Columns } from "../parts/Chart";
import { Message, WhenLoaded } from "../parts/Message";
import { Name } from "../parts/Name";
import { State } from "../parts/State";
import { links } from "../route";

const CHANGES: Record<string, string> = { added: "+", removed: "−" };

function Jobs({ dataset, direction }: { dataset: Dataset; direction: "input" | "output" }) {
  const jobs = dataset.jobs.filter((job) => job.direction === direction);
  const title = direction === "output" ? "Written by" : "Read by";
  return (
    <Card title={title} note={plural(jobs.length, "job")}>
      <Table label={title} rows={jobs} empty="No job is known." keyOf={(job) => job.namespace + job.name} columns={[
        { head: "Job", cell: (job) => <a href={links.graph("job", job.namespace, job.name)} title={job.namespace}><Name text={job.name} /></a> },
        { head: "Last run", cell: (job) => <State state={job.latestState} /> },
        { head: "Last seen", cell: (job) => time(job.lastEventAt) },
      ]} />
    </Card>
  );
}

function Schema({ dataset }: { dataset: Dataset }) {
  return (
    <Card title="Schema now" note={plural(dataset.fields.length, "column")}>
      <Table label="Schema now" rows={dataset.fields} empty="No event told of its columns." keyOf={(field) => String(field.position)} columns={[
        { head: "Column", cell: (field) => <code>{field.name}</code> },
        { head: "Type", cell: (field) => field.type ?? NOTHING },
        { head: "Description", cell: (field) => field.description ?? "" },
      ]} />
    </Card>
  );
}

function Changes({ dataset }: { dataset: Dataset }) {
  return (
    <Card title="How it changed">
      <Table label="How the schema changed" rows={dataset.changes} empty="No event told of its columns." keyOf={(_, index) => String(index)} columns={[
        { head: "When", cell: (change) => time(change.changedAt) },
        { head: "Column", cell: (change) => <><span className={`sign ${change.change}`} aria-hidden="true">{CHANGES[change.change] ?? "~"}</span> <span className="hidden">{change.change}</span><code>{change.field}</code></> },
        { head: "Type", cell: (change) => [change.typeBefore, change.typeAfter].filter(Boolean).join(" → ") },
      ]} />
    </Card>
  );
}

function Written({ dataset }: { dataset: Dataset }) {
  const rows = dataset.written.map((run) => ({ label: time(run.at), value: run.rows, text: `${number(run.rows)} rows by ${run.jobName}` }));
  const sizes = dataset.written.map((run) => ({ label: time(run.at), value: run.bytes, text: `${bytes(run.bytes)} by ${run.jobName}` }));
  const hasRows = rows.some((point) => point.value !== null);
  const hasBytes = sizes.some((point) => point.value !== null);
  const last = dataset.written.at(-1);
  return (
    <Card title="Written over time" note={plural(dataset.written.length, "run")}>
      {!last && <p className="empty">No run is known that wrote it.</p>}
      {last && !hasRows && !hasBytes && <p className="empty">The runs that wrote it did not say how much; the last one ended {time(last.at)}.</p>}
      {hasRows && <><h3>Rows <span className="muted">last {number(last?.rows)}</span></h3><Columns label="Rows written by each run" points={rows} /></>}
      {hasBytes && <><h3>Bytes <span className="muted">last {bytes(last?.bytes)}</span></h3><Columns label="Bytes written by each run" points={sizes} /></>}
    </Card>
  );
}

function Checks({ dataset }: { dataset: Dataset }) {
  return (
    <Card title="Quality checks" note="the latest result of each">
      <Table label="Quality checks" rows={dataset.checks} empty="No check is known." keyOf={(_, index) => String(index)} columns={[
        { head: "Result", cell: (check) => <State state={check.success === null ? "skipped" : check.success ? "success" : "failed"} /> },
        { head: "Check", cell: (check) => check.assertion },
        { head: "Column", cell: (check) => <code>{check.column ?? NOTHING}</code> },
        { head: "When", cell: (check) => time(check.at) },
      ]} />
    </Card>
  );
}

function Impact({ dataset }: { dataset: Dataset }) {
  return (
    <Card title="What depends on it" note={plural(dataset.impact.length, "job or dataset", "jobs and datasets")}>
      <Table label="What depends on it" rows={dataset.impact} empty="Nothing is known to depend on it." keyOf={(node) => node.kind + node.namespace + node.name} columns={[
        { head: "Steps", cell: (node) => node.depth, isNumber: true },
        { head: "Name", cell: (node) => <a href={node.kind === "dataset" ? links.dataset(node.namespace, node.name) : links.graph("job", node.namespace, node.name)}><Name text={node.name} /></a> },
        { head: "Kind", cell: (node) => node.kind },
        { head: "Owners", cell: (node) => node.owners.join(", ") || NOTHING },
        { head: "Runs in 30 days", cell: (node) => number(node.runsIn30Days), isNumber: true },
      ]} />
    </Card>
  );
}

function Heading({ dataset }: { dataset: Dataset }) {
  const others = dataset.names.filter((name) => !name.isMain);
  const facts: [string, React.ReactNode][] = [
    ["Namespace", <code key="namespace">{dataset.namespace}</code>],
    ["Owners", dataset.owners.map((owner) => owner.name).join(", ") || NOTHING],
    ["Tags", dataset.tags.map((tag) => `${tag.field ? `${tag.field}: ` : ""}${tag.key}=${tag.value}`).join(", ") || NOTHING],
  ];
  if (dataset.state) facts.push(["Last became", `${dataset.state} ${time(dataset.stateAt)}`]);
  if (others.length) facts.push(["Also called", others.map((name) => `${name.namespace}: ${name.name}`).join(", ")]);
  return (
    <div className="heading">
      <h1><span><Name text={dataset.name} /></span> <a className="action" href={links.graph("dataset", dataset.namespace, dataset.name)}>Graph</a></h1>
      {dataset.description && <p className="lead">{dataset.description}</p>}
      <Facts facts={facts} />
    </div>
  );
}

export function DatasetPage({ query }: { query: URLSearchParams }) {
  const name = query.get("name");
  const answers = useAnswers<Dataset>([pathOf(["dataset"], { namespace: query.get("namespace"), name })]);
  if (!name) return <Message title="Which dataset?"><p>Press <kbd>/</kbd> and type words of its name.</p></Message>;
  return (
    <WhenLoaded answers={answers}>
      {(dataset) => (
        <>
          <Heading dataset={dataset} />
          <div className="two">
            <Schema dataset={dataset} />
            <Written dataset={dataset} />
            <Jobs dataset={dataset} direction="output" />
            <Jobs dataset={dataset} direction="input" />
            <Changes dataset={dataset} />
            <Checks dataset={dataset} />
          </div>
          <Impact dataset={dataset} />
        </>
      )}
    </WhenLoaded>
  );
}
