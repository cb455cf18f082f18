// Jobs and datasets around one of them; the address holds all that is shown.
import { useMemo } from "react";
import { type ColumnList, type ColumnPath, type LineageGraph, pathOf, useAnswers } from "../api/client";
import { GraphControls } from "../graph/GraphControls";
import { LineageCanvas } from "../graph/LineageCanvas";
import { type ColumnId, litPath, merged, parseKey, shownColumns } from "../graph/model";
import { NodeDetails } from "../graph/NodeDetails";
import { number } from "../format";
import { Failure, Loading, Message } from "../parts/Message";

const MOST = 2000; // nodes that are drawn

function graphPaths(query: URLSearchParams): string[] {
  const asOf = query.get("asOf");
  const as_of = asOf && new Date(asOf).toISOString();
  const around = {
    kind: query.get("kind") ?? "dataset", namespace: query.get("namespace"), name: query.get("name"),
    upstream: query.get("up") ?? 2, downstream: query.get("down") ?? 2, as_of, limit: MOST,
  };
  const opened = query.getAll("more").map((key) => {
    const [kind, namespace, name] = parseKey(key);
    return pathOf(["graph"], { kind, namespace, name, upstream: 1, downstream: 1, as_of, limit: 200 });
  });
  return [pathOf(["graph"], around), ...opened];
}

function columnId(key: string | null): (ColumnId & { namespace: string; name: string }) | null {
  const [, namespace, name, field] = key ? parseKey(key) : [];
  if (!namespace || !name || !field) return null;
  return { dataset: `dataset:${namespace}:${name}`, namespace, name, field };
}

function useColumns(query: URLSearchParams) {
  const opened = query.getAll("columns").map(parseKey);
  const namespaces = opened.map(([, namespace]) => namespace ?? "");
  const names = opened.map(([, , name]) => name ?? "");
  const lists = useAnswers<ColumnList>(opened.length ? [pathOf(["columns"], { namespace: namespaces, name: names })] : []);
  const column = columnId(query.get("column"));
  const path = useAnswers<ColumnPath>(column
    ? [pathOf(["columns", "path"], { namespace: column.namespace, name: column.name, field: column.field })] : []);
  const openedIds = new Set(opened.map(([, namespace, name]) => `dataset:${namespace}:${name}`));
  const found = path.data?.[0];
  const lit = found && column ? litPath(found, column) : null;
  const listed = opened.length ? lists.data?.[0] ?? null : null;
  return { lit, shown: shownColumns(openedIds, listed, lit), error: lists.error ?? path.error };
}

export default function GraphPage({ query }: { query: URLSearchParams }) {
  const name = query.get("name");
  if (!name) {
    return (
      <Message title="A graph around what?">
        <p>Press <kbd>/</kbd> and type words of the name of a table, a job or a column; or open a DAG run and follow what it wrote.</p>
      </Message>
    );
  }
  return <GraphAround query={query} />;
}

function GraphAround({ query }: { query: URLSearchParams }) {
  const answers = useAnswers<LineageGraph>(graphPaths(query));
  const columns = useColumns(query);
  const graph = useMemo(() => answers.data && merged(answers.data), [answers.data]);
  if (answers.error) return <Failure error={answers.error} />;
  if (!graph) return <Loading />;
  const chosen = graph.nodes.find((node) => node.id === (query.get("node") ?? graph.start));
  return (
    <div className="graph-page">
      <GraphControls query={query} graph={graph} isLoading={answers.isLoading} />
      {graph.total > graph.nodes.length && (
        <p className="warning" role="status">
          {number(graph.total)} nodes are within these depths; the {number(graph.nodes.length)} nearest are shown. Fewer steps show less.
        </p>
      )}
      {columns.error && <p className="warning" role="alert">{columns.error.message}</p>}
      <div className="graph-body">
        <LineageCanvas graph={graph} columns={columns.shown} lit={columns.lit} chosen={chosen?.id} />
        {chosen && <NodeDetails node={chosen} query={query} />}
      </div>
    </div>
  );
}
