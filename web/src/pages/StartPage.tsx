// Where one starts: the latest DAG runs, those that failed first.
import { type DagRunList, type DagRunSummary, pathOf, useAnswers } from "../api/client";
import { duration, NOTHING, plural, time } from "../format";
import { Card, type Column, Table } from "../parts/Card";
import { Message, WhenLoaded } from "../parts/Message";
import { Name } from "../parts/Name";
import { State } from "../parts/State";
import { links } from "../route";

const COLUMNS: Column<DagRunSummary>[] = [
  { head: "State", cell: (run) => <State state={run.state} /> },
  { head: "DAG", cell: (run) => <a href={links.dagRuns(run.dagId)} title={`All runs of ${run.dagId}`}><Name text={run.dagId} /></a> },
  { head: "Run", cell: (run) => <a href={links.dagRun(run.runId)}><Name text={run.airflowRunId ?? run.runId} /></a> },
  { head: "Began", cell: (run) => time(run.startedAt) },
  { head: "Took", cell: (run) => duration(run.seconds), isNumber: true },
  { head: "Tasks", cell: (run) => run.tasks + run.silentTasks, isNumber: true },
];
const WRONG: Column<DagRunSummary> = { head: "What went wrong", cell: Wrong };

const keyOf = (run: DagRunSummary) => run.runId;

function Wrong(run: DagRunSummary) {
  if (!run.failedTask) return run.error ?? NOTHING;
  return (
    <span className="wrong">
      <a href={links.dagRun(run.runId, run.failedTask)}>{run.failedTask}</a>
      {run.failedTasks > 1 && ` and ${plural(run.failedTasks - 1, "other")}`}
      {run.error && <span className="error-line" title={run.error}>{run.error}</span>}
    </span>
  );
}

export function StartPage({ dagId }: { dagId: string | null }) {
  const answers = useAnswers<DagRunList>([pathOf(["dag-runs"], { dag_id: dagId, limit: 100 })]);
  return (
    <WhenLoaded answers={answers}>
      {({ dagRuns }) => {
        if (dagRuns.length === 0) {
          return (
            <Message title={dagId ? `No run of ${dagId} is stored` : "No DAG run is stored yet"}>
              <p>A run is here once its first event has been consumed. <a href={links.traffic()}>Traffic</a> says what was read.</p>
            </Message>
          );
        }
        const failed = dagRuns.filter((run) => run.state === "FAIL");
        const others = dagRuns.filter((run) => run.state !== "FAIL");
        return (
          <>
            <h1>{dagId ? `Runs of ${dagId}` : "Latest DAG runs"}</h1>
            {dagId && <p className="lead"><a href={links.start()}>Runs of all DAGs</a></p>}
            <Card title="Failed" className="runs" note={plural(failed.length, "run")}><Table label="Failed runs" rows={failed} empty="None of the latest runs." keyOf={keyOf} columns={[...COLUMNS, WRONG]} /></Card>
            <Card title="Others" className="runs" note={plural(others.length, "run")}><Table label="Other runs" rows={others} empty="None of the latest runs." keyOf={keyOf} columns={COLUMNS} /></Card>
          </>
        );
      }}
    </WhenLoaded>
  );
}
