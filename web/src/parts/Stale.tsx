// What was not written because tasks did not succeed, and what depends on it.
import type { DagRun } from "../api/client";
import { plural } from "../format";
import { links } from "../route";
import { Card } from "./Card";
import { Name } from "./Name";

const SHOWN = 12;

export function Stale({ run }: { run: DagRun }) {
  const missing = run.stale.filter((node) => node.depth === 0);
  const dependent = run.stale.filter((node) => node.depth > 0);
  const owners = [...new Set(dependent.flatMap((node) => node.owners))];
  const note = missing.length > 0 && `${plural(missing.length, "table")} not written`;
  return (
    <Card title="What is stale now" note={note} className="stale">
      {missing.length === 0 && <p className="empty">Nothing is known to be written by the tasks that did not succeed.</p>}
      <ul className="nodes">
        {missing.map((node) => (
          <li key={node.namespace + node.name}>
            <span className="kind">not written</span>
            <a href={links.dataset(node.namespace, node.name)}><Name text={node.name} /></a>
            <span className="muted">by {node.tasks.join(", ")}</span>
          </li>
        ))}
        {dependent.slice(0, SHOWN).map((node) => (
          <li key={node.kind + node.namespace + node.name}>
            <span className="kind">{node.kind === "job" ? "job waits" : "stale"}</span>
            <a href={node.kind === "job" ? links.graph("job", node.namespace, node.name) : links.dataset(node.namespace, node.name)}><Name text={node.name} /></a>
            <span className="muted">{node.owners.join(", ")}</span>
          </li>
        ))}
      </ul>
      {dependent.length > SHOWN && <p className="muted">and {plural(dependent.length - SHOWN, "other")} further downstream</p>}
      {owners.length > 0 && <p>To be told: <b>{owners.join(", ")}</b></p>}
      {missing[0] && (
        <p><a href={links.graph("dataset", missing[0].namespace, missing[0].name, { up: 0, down: 8 })}>Show in the graph</a></p>
      )}
    </Card>
  );
}
