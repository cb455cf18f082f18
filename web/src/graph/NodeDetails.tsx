// What is known of the chosen node, and what can be done from it.
import type { LineageNode } from "../api/client";
import { NOTHING, time } from "../format";
import { Facts } from "../parts/Card";
import { Name } from "../parts/Name";
import { State } from "../parts/State";
import { change, links } from "../route";
import { keyOf } from "./model";

function toggled(query: URLSearchParams, name: string, key: string): string[] {
  const all = query.getAll(name);
  return all.includes(key) ? all.filter((each) => each !== key) : [...all, key];
}

export function NodeDetails({ node, query }: { node: LineageNode; query: URLSearchParams }) {
  const key = keyOf(node);
  const isJob = node.kind === "job";
  const facts: [string, React.ReactNode][] = [
    ["Namespace", <code key="namespace">{node.namespace}</code>],
    ["Owners", node.owners.join(", ") || NOTHING],
  ];
  if (isJob) {
    facts.push(["Last run", <State key="state" state={node.latestState} />], ["Last event", time(node.latestEventAt)], ["Kind", node.jobType ?? NOTHING]);
  }
  const hasColumns = query.getAll("columns").includes(key);
  return (
    <aside className="node-details" aria-label="The chosen node">
      <h2><Name text={node.name} /></h2>
      <Facts facts={facts} />
      <div className="actions">
        {!isJob && <a className="action" href={links.dataset(node.namespace, node.name)}>Dataset</a>}
        {isJob && node.latestRunId && node.integration === "AIRFLOW" && <a className="action" href={links.dagRun(node.latestRunId)}>Last DAG run</a>}
        {!isJob && <button type="button" aria-pressed={hasColumns} onClick={() => change({ columns: toggled(query, "columns", key) })}>{hasColumns ? "Close columns" : "Open columns"}</button>}
        <button type="button" aria-pressed={query.getAll("more").includes(key)} onClick={() => change({ more: toggled(query, "more", key) })}>
          {query.getAll("more").includes(key) ? "Hide its neighbours" : "Show its neighbours"}
        </button>
        <a className="action" href={links.graph(node.kind, node.namespace, node.name)}>Graph from here</a>
      </div>
    </aside>
  );
}
