// The graph of jobs and datasets that is shown: answers put together, columns, the lit path.
import type { ColumnList, ColumnPath, LineageEdge, LineageGraph, LineageNode } from "../api/client";

export interface Graph {
  start: string;
  nodes: LineageNode[];
  edges: LineageEdge[];
  total: number;
}

/** Returns one graph of several: the first says where it starts. */
export function merged(graphs: LineageGraph[]): Graph | null {
  const first = graphs[0];
  if (!first) return null;
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  for (const graph of graphs) {
    for (const node of graph.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    for (const edge of graph.edges) edges.set(`${edge.fromId} ${edge.toId}`, edge);
  }
  return { start: first.start, nodes: [...nodes.values()], edges: [...edges.values()], total: first.total };
}

/** A node in the address: its kind, namespace and name. */
export function keyOf(node: { kind: string; namespace: string; name: string }): string {
  return [node.kind, node.namespace, node.name].map(encodeURIComponent).join("/");
}

export function parseKey(key: string): string[] {
  return key.split("/").map(decodeURIComponent);
}

export interface ColumnId {
  dataset: string; // id of the node
  field: string;
}

export interface Lit {
  columns: Map<string, Set<string>>; // by the id of the node: its columns on the path
  edges: { from: ColumnId; to: ColumnId; isIndirect: boolean }[];
}

/** Returns the path of a column, itself included. */
export function litPath(path: ColumnPath, start: ColumnId): Lit {
  const columns = new Map([[start.dataset, new Set([start.field])]]);
  const ids = new Map([[`${start.dataset.replace(/^dataset:/, "")}:${start.field}`, start]]);
  for (const step of path.steps) {
    const id = `dataset:${step.namespace}:${step.name}`;
    ids.set(`${step.namespace}:${step.name}:${step.field}`, { dataset: id, field: step.field });
    columns.set(id, (columns.get(id) ?? new Set()).add(step.field));
  }
  const edges = path.steps.flatMap((step) => {
    const here = { dataset: `dataset:${step.namespace}:${step.name}`, field: step.field };
    const via = ids.get(step.via);
    if (!via) return [];
    const [from, to] = step.depth < 0 ? [here, via] : [via, here];
    return [{ from, to, isIndirect: step.type === "INDIRECT" }];
  });
  return { columns, edges };
}

export interface ShownColumn {
  field: string;
  type: string | null;
  isLit: boolean;
}

/** Returns the columns that are shown of each dataset: all of an opened one, else those lit. */
export function shownColumns(opened: Set<string>, lists: ColumnList | null, lit: Lit | null): Map<string, ShownColumn[]> {
  const shown = new Map<string, ShownColumn[]>();
  for (const list of lists?.datasets ?? []) {
    const id = `dataset:${list.namespace}:${list.name}`;
    const onPath = lit?.columns.get(id);
    shown.set(id, list.columns.map((column) => ({ ...column, isLit: Boolean(onPath?.has(column.field)) })));
  }
  for (const [id, fields] of lit?.columns ?? []) {
    const known = shown.get(id) ?? [];
    const more = [...fields].filter((field) => !known.some((column) => column.field === field));
    shown.set(id, [...known, ...more.map((field) => ({ field, type: null, isLit: true }))]);
  }
  for (const id of opened) if (!shown.has(id)) shown.set(id, []);
  return shown;
}
