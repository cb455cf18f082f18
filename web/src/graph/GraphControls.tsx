// What of the graph is shown: how far, and as of when.
import { plural } from "../format";
import { change } from "../route";
import type { Graph } from "./model";

const DEEPEST = 50;

function Steps({ name, word, query }: { name: string; word: string; query: URLSearchParams }) {
  const value = Number(query.get(name) ?? 2);
  const to = (steps: number) => change({ [name]: String(Math.min(DEEPEST, Math.max(0, steps))) });
  return (
    <div className="steps" role="group" aria-label={`Steps ${word}`}>
      <span>{word}</span>
      <button type="button" aria-label={`Fewer steps ${word}`} disabled={value <= 0} onClick={() => to(value - 1)}>−</button>
      <output aria-live="polite">{value}</output>
      <button type="button" aria-label={`More steps ${word}`} disabled={value >= DEEPEST} onClick={() => to(value + 1)}>+</button>
    </div>
  );
}

export function GraphControls({ query, graph, isLoading }: { query: URLSearchParams; graph: Graph; isLoading: boolean }) {
  const column = query.get("column")?.split("/").at(-1);
  return (
    <div className="graph-controls">
      <h1 title={graph.start}>{query.get("name")}</h1>
      <Steps name="up" word="upstream" query={query} />
      <Steps name="down" word="downstream" query={query} />
      <label>
        as of <input type="datetime-local" value={query.get("asOf") ?? ""} onChange={(event) => change({ asOf: event.target.value || null })} />
      </label>
      {query.get("asOf") && <button type="button" onClick={() => change({ asOf: null })}>Now</button>}
      {column && <button type="button" onClick={() => change({ column: null })}>Column {decodeURIComponent(column)} ✕</button>}
      <span className="muted" role="status">{isLoading ? "Loading…" : plural(graph.nodes.length, "node")}</span>
    </div>
  );
}
