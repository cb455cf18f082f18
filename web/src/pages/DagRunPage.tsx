// A DAG run: which task failed and why, what that leaves stale, and how it went in time.
import { lazy, Suspense, useDeferredValue, useEffect } from "react";
import { type DagRun, pathOf, useAnswers } from "../api/client";
import { duration, NOTHING, plural, time } from "../format";
import { Card, Facts } from "../parts/Card";
import { Loading, WhenLoaded } from "../parts/Message";
import { Stale } from "../parts/Stale";
import { State } from "../parts/State";
import { TaskDetails } from "../parts/TaskDetails";
import { Timeline } from "../parts/Timeline";
import { change, links, useRoute } from "../route";
import { errorOf, failures, nameOf, timelineRows } from "../tasks";

const loadTaskGraph = () => import("../graph/TaskGraph");
const TaskGraph = lazy(loadTaskGraph);

/** Asks for a run; what draws its graph is loaded meanwhile. */
function useDagRun(path: string) {
  useEffect(() => void loadTaskGraph(), []);
  return useAnswers<DagRun>([path]);
}

export function DagRunPage({ runId }: { runId: string }) {
  const answers = useDagRun(pathOf(["dag-runs", runId]));
  return <WhenLoaded answers={answers}>{(run) => <Run run={run} />}</WhenLoaded>;
}

export function DagRunByAirflowPage({ dagId, airflowRunId }: { dagId: string; airflowRunId: string }) {
  const answers = useDagRun(pathOf(["dag-runs", "by-airflow", dagId, airflowRunId]));
  return <WhenLoaded answers={answers}>{(run) => <Run run={run} />}</WhenLoaded>;
}

function Heading({ run }: { run: DagRun }) {
  const facts: [string, React.ReactNode][] = [
    ["Run", <code key="run">{run.airflowRunId ?? run.runId}</code>],
    ["Began", time(run.startedAt)],
    ["Took", duration(run.seconds)],
    ["Tasks", run.tasks.length],
    ["Pipeline run", run.pipelineRunId ? <a key="pipeline" href={links.pipelineRun(run.pipelineRunId)}>{run.pipelineRunId}</a> : NOTHING],
  ];
  return (
    <div className="heading">
      <h1><a href={links.dagRuns(run.dagId)}>{run.dagId}</a> <State state={run.state} /></h1>
      <Facts facts={facts} />
    </div>
  );
}

function WhatWentWrong({ run, choose }: { run: DagRun; choose: (task: string) => void }) {
  const failed = failures(run);
  if (failed.length === 0 && run.stale.length === 0) return null;
  return (
    <div className="wrong-row">
      <Card title="What failed" note={plural(failed.length, "task")} className="failed">
        {failed.length === 0 && <p className="empty">No task is known to have failed: what did not run is the cause.</p>}
        <ul className="failures">
          {failed.map((task) => (
            <li key={nameOf(task)}>
              <button type="button" className="plain" onClick={() => choose(nameOf(task))}>{nameOf(task)}</button>
              <pre>{errorOf(task) ?? "It sent no reason: its process may have been killed."}</pre>
            </li>
          ))}
        </ul>
      </Card>
      <Stale run={run} />
    </div>
  );
}

function Run({ run }: { run: DagRun }) {
  const { query } = useRoute();
  const asked = query.get("task");
  const shown = run.tasks.find((task) => nameOf(task) === asked)
    ?? run.tasks.find((task) => task.taskId === asked) ?? failures(run)[0] ?? run.tasks[0];
  const selected = shown && nameOf(shown);
  const choose = (task: string) => change({ task });
  const isBegun = useDeferredValue(true, false); // the rows of a time line are made while the graph is laid out
  return (
    <>
      <Heading run={run} />
      <WhatWentWrong run={run} choose={choose} />
      <Card title="Task graph" note="as the run began with it">
        <Suspense fallback={<Loading />}><TaskGraph run={run} selected={shown?.taskId} /></Suspense>
      </Card>
      <div className="two">
        <Card title="Time line" note={<><span className="bar-sample" /> on the critical path</>}>
          {isBegun ? <Timeline label="Tasks in time" rows={timelineRows(run)} selected={selected} choose={choose} /> : <Loading />}
        </Card>
        {shown && <TaskDetails task={shown} run={run} />}
      </div>
    </>
  );
}
