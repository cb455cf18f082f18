// Everything under one pipeline_run_id, across DAGs and what runs below their tasks, in time.
import { type PipelineRun, pathOf, useAnswers } from "../api/client";
import { duration, plural, time } from "../format";
import { Card, Facts } from "../parts/Card";
import { WhenLoaded } from "../parts/Message";
import { Name } from "../parts/Name";
import { State, stateName, WORDS } from "../parts/State";
import { type Row, Timeline } from "../parts/Timeline";
import { links } from "../route";

type Step = PipelineRun["steps"][number];

const DEEPEST = 6; // indents: deeper ones would leave no room for names

function linkOf(step: Step): string | undefined {
  if (step.dagId) return links.dagRun(step.runId, step.taskId ?? undefined);
  return step.jobNamespace && step.jobName ? links.graph("job", step.jobNamespace, step.jobName) : undefined;
}

/** Returns the steps as a tree, each below its parent, in the order in which they began. */
function tree(run: PipelineRun): Row[] {
  const children = Map.groupBy(run.steps, (step) => step.parentRunId);
  const ids = new Set(run.steps.map((step) => step.runId));
  const last = Date.parse(run.lastEventAt ?? new Date().toISOString());
  const seen = new Set<string>();
  const rows: Row[] = [];
  const visit = (step: Step, indent: number) => {
    if (seen.has(step.runId)) return;
    seen.add(step.runId);
    rows.push(rowOf(step, Math.min(indent, DEEPEST), last));
    for (const child of children.get(step.runId) ?? []) visit(child, indent + 1);
  };
  run.steps.filter((step) => !step.parentRunId || !ids.has(step.parentRunId)).forEach((step) => visit(step, 0));
  run.steps.forEach((step) => visit(step, 0)); // what is its own ancestor
  return rows;
}

function rowOf(step: Step, indent: number, last: number): Row {
  const index = step.mapIndex === null ? "" : ` [${step.mapIndex}]`;
  const attempt = (step.tryNumber ?? 1) > 1 ? ` try ${step.tryNumber}` : "";
  const name = `${step.taskId ?? step.jobName ?? step.runId}${index}${attempt}`;
  const start = step.startedAt ? Date.parse(step.startedAt) : null;
  const end = step.endedAt ? Date.parse(step.endedAt) : last;
  const title = `${step.jobName}: ${WORDS[stateName(step.state)]}${step.error ? ` (${step.error})` : ""}`;
  const bars = start === null ? [] : [{ id: step.runId, start, end: Math.max(start, end), state: step.state, title }];
  return { id: step.runId, name, indent, state: step.state, seconds: step.seconds, link: linkOf(step), bars };
}

function Datasets({ title, datasets }: { title: string; datasets: PipelineRun["inputs"] }) {
  return (
    <Card title={title} note={plural(datasets.length, "dataset")}>
      {datasets.length ? (
        <ul className="names">
          {datasets.map(({ namespace, name }) => (
            <li key={`${namespace} ${name}`} title={namespace}>
              <a href={links.dataset(namespace, name)}><Name text={name} /></a>
            </li>
          ))}
        </ul>
      ) : <p className="empty">None is known.</p>}
    </Card>
  );
}

export function PipelineRunPage({ id }: { id: string }) {
  const answers = useAnswers<PipelineRun>([pathOf(["pipeline-runs", id])]);
  return (
    <WhenLoaded answers={answers}>
      {(run) => (
        <>
          <div className="heading">
            <h1>Pipeline run <State state={run.state} /></h1>
            <Facts facts={[
              ["Id", <code key="id">{run.pipelineRunId}</code>],
              ["Began", time(run.firstEventAt)],
              ["Took", duration(run.seconds)],
              ["Runs", run.runs],
              ["DAG runs", run.dagRuns],
              ["Failed", run.failedRuns],
            ]} />
          </div>
          <Card title="In time" note={run.steps.length < run.runs ? `the first ${run.steps.length} of ${run.runs} runs` : undefined}>
            <Timeline label="Runs in time" rows={tree(run)} />
          </Card>
          <div className="two">
            <Datasets title="Read" datasets={run.inputs} />
            <Datasets title="Written" datasets={run.outputs} />
          </div>
        </>
      )}
    </WhenLoaded>
  );
}
