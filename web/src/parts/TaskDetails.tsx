// One task instance: its tries with their errors in full, what it read and wrote.
import type { DagRun, TaskInstance } from "../api/client";
import { bytes, duration, NOTHING, number, time } from "../format";
import { links } from "../route";
import { nameOf } from "../tasks";
import { Card, Facts, Table } from "./Card";
import { Name } from "./Name";
import { State } from "./State";

function Tries({ task }: { task: TaskInstance }) {
  if (task.tries.length === 0) {
    return <p className="empty">It sent no event; Airflow says at the run’s end what became of it.</p>;
  }
  return (
    <ol className="tries">
      {task.tries.map((each, index) => (
        <li key={each.runId}>
          <p className="try"><b>Try {each.tryNumber ?? index + 1}</b> <State state={each.state} /> <span className="muted">{time(each.startedAt)}</span></p>
          {each.error && <p className="error-text">{each.error}</p>}
          {each.stackTrace && <pre tabIndex={0} aria-label={`Stack trace of try ${each.tryNumber ?? index + 1}`}>{each.stackTrace}</pre>}
        </li>
      ))}
    </ol>
  );
}

export function TaskDetails({ task, run }: { task: TaskInstance; run: DagRun }) {
  const facts: [string, React.ReactNode][] = [
    ["Took", duration(task.tries.length ? task.seconds : null)],
    ["Waited", task.isCritical ? `${duration(task.criticalWait)} (critical path)` : NOTHING],
    ["Operator", <code key="operator" title={task.operator ?? undefined}>{task.operator?.split(".").at(-1) ?? NOTHING}</code>],
  ];
  return (
    <Card title={nameOf(task)} className="task" note={<State state={task.state} />}>
      <Facts facts={facts} />
      <h3>Tries</h3>
      <Tries task={task} />
      <h3>Read and written</h3>
      <Table label="Read and written" rows={task.datasets} empty="No dataset is known that it read or wrote in this run."
        keyOf={(row) => row.direction + row.namespace + row.name} columns={[
          { head: "", cell: (row) => (row.direction === "input" ? "read" : "wrote") },
          { head: "Dataset", cell: (row) => <a href={links.dataset(row.namespace, row.name)} title={row.namespace}><Name text={row.name} /></a> },
          { head: "Rows", cell: (row) => number(row.rows), isNumber: true },
          { head: "Bytes", cell: (row) => bytes(row.bytes), isNumber: true },
        ]} />
      {run.jobNamespace && <p><a href={links.graph("job", run.jobNamespace, `${run.dagId}.${task.taskId}`)}>Where its data comes from and goes to</a></p>}
    </Card>
  );
}
