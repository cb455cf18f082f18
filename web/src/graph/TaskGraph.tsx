// The task graph of a DAG run, as stored, each task with its state; groups open and close.
import { type Edge, Panel } from "@xyflow/react";
import { useMemo } from "react";
import type { DagRun } from "../api/client";
import { Failure, Loading, Message } from "../parts/Message";
import { stateName } from "../parts/State";
import { useRoute } from "../route";
import { worst } from "../tasks";
import { Canvas, endsOf } from "./Canvas";
import { ExportMenu } from "./ExportMenu";
import type { DrawnBox, Drawing } from "./drawing";
import { OpenGroups, type ShownGraph, type ShownNode, shownGraph } from "./groups";
import type { Places } from "./layout";
import { SIZE, type TaskNode, TYPES } from "./TaskNodes";
import { useLayout } from "./useLayout";

interface TaskGraphProps {
  run: DagRun;
  selected?: string; // task id
}

export default function TaskGraph({ run, selected }: TaskGraphProps) {
  const { query } = useRoute();
  const words = JSON.stringify([query.get("groups"), query.getAll("but")]);
  const open = useMemo(() => new OpenGroups(run, ...(JSON.parse(words) as [string | null, string[]])), [run, words]);
  const graph = useMemo(() => shownGraph(run, open), [run, open]);
  const boxes = useMemo(() => graph.nodes.map(({ id, group }) => ({ id, group, ...SIZE })), [graph]);
  const { places, error } = useLayout(boxes, graph.links);
  const drawing = useMemo(() => places && drawingOf(graph, places), [graph, places]);
  const nodes = useMemo(() => drawing && flowNodes(graph, drawing, open, selected), [graph, drawing, open, selected]);
  const edges = useMemo(() => drawing && flowEdges(drawing), [drawing]);
  if (run.nodes.length === 0) {
    return <Message title="No task graph is stored"><p>The DAG run’s START event has it, and that did not come.</p></Message>;
  }
  if (error) return <Failure error={error} />;
  if (!nodes || !edges || !drawing) return <Loading />;
  return (
    <Canvas label={`Task graph of ${run.dagId}`} nodes={nodes} edges={edges} nodeTypes={TYPES} fitKey={`${run.runId} ${nodes.length}`}
      focus={nodes.find((node) => node.data.isSelected)?.id}
      height={Math.max(...drawing.boxes.map((box) => (box.group ? 0 : box.y + box.height)))}>
      {run.nodes.some((node) => node.kind === "group") && (
        <Panel position="top-left" className="export">
          <button type="button" onClick={() => open.toggleAll()}>{open.areOpen ? "Close all groups" : "Open all groups"}</button>
        </Panel>
      )}
      <ExportMenu drawing={drawing} name={run.dagId} />
    </Canvas>
  );
}

function lookOf({ isOpen, instances }: ShownNode): string {
  return isOpen ? "group" : stateName(worst(instances));
}

function drawingOf(graph: ShownGraph, places: Places): Drawing {
  const boxes = graph.nodes.flatMap((shown): DrawnBox[] => {
    const place = places.get(shown.id);
    if (!place) return []; // it came a moment ago and has no place yet
    const { node, id, group, isOpen } = shown;
    const mark = node.isSetup ? "setup" : node.isTeardown ? "teardown" : null;
    return [{ id, name: node.id, label: node.label ?? node.id, note: node.operator, look: lookOf(shown), mark, group, isGroup: isOpen, ...place }];
  });
  const drawn = new Set(boxes.map((box) => box.id));
  const lines = graph.links.filter(({ from, to }) => drawn.has(from) && drawn.has(to)).map((link) => ({ ...link, isDashed: false }));
  return { boxes, lines };
}

function flowNodes(graph: ShownGraph, drawing: Drawing, open: OpenGroups, selected?: string): TaskNode[] {
  const known = new Map(graph.nodes.map((shown) => [shown.id, shown]));
  return drawing.boxes.map((box) => {
    const { node, isOpen = false, instances = [] } = known.get(box.id) ?? {};
    const isTask = node?.kind === "task";
    return {
      id: box.id,
      type: isTask ? "task" : "tasks",
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      handles: endsOf(box),
      parentId: box.group ?? undefined,
      data: {
        name: box.name,
        label: box.label,
        look: box.look,
        instances,
        operator: box.note,
        mark: box.mark ?? null,
        isOpen,
        isSelected: isTask ? box.name === selected : instances.some((task) => task.taskId === selected),
        toggle: () => open.toggle(box.name),
      },
    };
  });
}

function flowEdges(drawing: Drawing): Edge[] {
  return drawing.lines.map(({ from, to, label }) => ({ id: `${from} ${to}`, source: from, target: to, label: label ?? undefined, focusable: false }));
}
