// Draws the graph of jobs and datasets.
import { type Edge, Panel } from "@xyflow/react";
import { useMemo } from "react";
import { Failure, Loading } from "../parts/Message";
import { stateName } from "../parts/State";
import { change } from "../route";
import { Canvas, endsOf } from "./Canvas";
import type { Drawing } from "./drawing";
import { ExportMenu } from "./ExportMenu";
import { type FlowNode, heightOf, LineageBox, WIDTH } from "./LineageNodes";
import { type Graph, keyOf, type Lit, type ShownColumn } from "./model";
import { useLayout } from "./useLayout";

const TYPES = { lineage: LineageBox };

interface LineageCanvasProps {
  graph: Graph;
  columns: Map<string, ShownColumn[]>;
  lit: Lit | null;
  chosen?: string;
}

function edgesOf(graph: Graph, lit: Lit | null): Edge[] {
  const shown = new Set(graph.nodes.map((node) => node.id));
  const edges: Edge[] = graph.edges.map((edge) => ({
    id: `${edge.fromId} ${edge.toId}`,
    source: edge.fromId,
    target: edge.toId,
    className: [edge.kind, edge.isIndirect && "indirect", lit && "faint"].filter(Boolean).join(" "),
  }));
  const lines = lit?.edges.filter(({ from, to }) => shown.has(from.dataset) && shown.has(to.dataset)) ?? [];
  return edges.concat(lines.map(({ from, to, isIndirect }) => ({
    id: JSON.stringify([from, to]),
    source: from.dataset, sourceHandle: from.field, target: to.dataset, targetHandle: to.field,
    className: isIndirect ? "lit indirect" : "lit", zIndex: 1,
  })));
}

function Legend() {
  return (
    <Panel position="bottom-center" className="graph-legend">
      <span><i className="line" /> direct</span>
      <span><i className="line indirect" /> only filters, joins or sorts</span>
      <span><i className="line dependency" /> one job after another</span>
    </Panel>
  );
}

function drawingOf(graph: Graph, places: Map<string, { x: number; y: number; width: number; height: number }>): Drawing {
  const boxes = graph.nodes.flatMap((node) => {
    const place = places.get(node.id);
    const look = node.kind === "job" ? stateName(node.latestState) : "dataset";
    return place ? [{ id: node.id, name: node.name, label: node.name, note: node.namespace, look, group: null, ...place }] : [];
  });
  const lines = graph.edges.map((edge) => ({ from: edge.fromId, to: edge.toId, label: null, isDashed: edge.isIndirect }));
  return { boxes, lines };
}

export function LineageCanvas({ graph, columns, lit, chosen }: LineageCanvasProps) {
  const boxes = graph.nodes.map((node) => ({ id: node.id, width: WIDTH, height: heightOf(columns.get(node.id) ?? null) }));
  const links = graph.edges.map((edge) => ({ from: edge.fromId, to: edge.toId }));
  const { places, error } = useLayout(boxes, links);
  const edges = useMemo(() => edgesOf(graph, lit), [graph, lit]);
  if (error) return <Failure error={error} />;
  if (!places) return <Loading />;
  const nodes: FlowNode[] = graph.nodes.flatMap((node) => {
    const place = places.get(node.id);
    if (!place) return []; // it came a moment ago and has no place yet
    return [{
      id: node.id,
      type: "lineage",
      position: { x: place.x, y: place.y },
      width: place.width,
      height: place.height,
      handles: columns.has(node.id) ? undefined : endsOf(place), // an open dataset's columns have ends, too
      data: {
        node,
        look: node.kind === "job" ? stateName(node.latestState) : "dataset",
        columns: columns.get(node.id) ?? null,
        isStart: node.id === graph.start,
        isChosen: node.id === chosen,
        isFaint: Boolean(lit && !lit.columns.has(node.id)),
        choose: () => change({ node: node.id }),
        lightColumn: (field: string) => change({ column: `${keyOf(node)}/${encodeURIComponent(field)}` }),
      },
    }];
  });
  const drawing = drawingOf(graph, places);
  return (
    <Canvas label="Lineage graph" nodes={nodes} edges={edges} nodeTypes={TYPES} fitKey={`${graph.start} ${nodes.length}`} focus={graph.start}>
      <Legend />
      <ExportMenu drawing={drawing} name={graph.start} />
    </Canvas>
  );
}
