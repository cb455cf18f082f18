// The task graph of a DAG run, as stored, each task with its state.
import { type Edge, Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { useMemo } from "react";
import type { DagRun, TaskInstance } from "../api/client";
import { duration, shortened } from "../format";
import { Failure, Loading, Message } from "../parts/Message";
import { StateIcon, stateName, WORDS } from "../parts/State";
import { worst } from "../tasks";
import { Canvas } from "./Canvas";
import { ExportMenu } from "./ExportMenu";
import type { Drawing } from "./drawing";
import { useLayout } from "./useLayout";

interface TaskData extends Record<string, unknown> {
  label: string;
  look: string;
  instances: TaskInstance[];
  operator: string | null;
  mark: string | null; // setup or teardown
  isSelected: boolean;
  isGroup: boolean;
  choose: () => void;
}

type TaskNode = Node<TaskData>;
const SIZE = { width: 190, height: 48 };

function Task({ data }: NodeProps<TaskNode>) {
  const { instances, label, operator, mark } = data;
  const state = worst(instances);
  const tries = Math.max(0, ...instances.map((task) => task.tries.length));
  const known = instances.flatMap((task) => (task.tries.length && task.seconds !== null ? [task.seconds] : []));
  const took = known.length ? duration(known.reduce((sum, seconds) => sum + seconds)) : WORDS[stateName(state)];
  const notes = [mark, tries > 1 && `${tries} tries`, took];
  return (
    <button type="button" className={`task-node ${data.look}${data.isSelected ? " chosen" : ""}`} onClick={data.choose}
      aria-pressed={data.isSelected} title={`${label} (${operator ?? "operator unknown"})`}>
      <Handle type="target" position={Position.Left} />
      <StateIcon state={state} />
      <span className="text">
        <span className="label">{shortened(label, 21)}{instances.length > 1 && <b> ×{instances.length}</b>}</span>
        <span className="muted">{notes.filter(Boolean).join(" · ")}</span>
      </span>
      <Handle type="source" position={Position.Right} />
    </button>
  );
}

function Group({ data }: NodeProps<TaskNode>) {
  return <div className="group-node"><span>{data.label}</span></div>;
}

const TYPES = { task: Task, tasks: Group };

interface TaskGraphProps {
  run: DagRun;
  selected?: string;
  choose: (task: string) => void;
}

export default function TaskGraph({ run, selected, choose }: TaskGraphProps) {
  const boxes = useMemo(() => run.nodes.map((node) => ({ id: `${node.kind}:${node.id}`, ...SIZE, group: node.group && `group:${node.group}` })), [run]);
  const links = useMemo(() => run.edges.map((edge) => ({ from: `task:${edge.fromId}`, to: `task:${edge.toId}` })), [run]);
  const instances = useMemo(() => Map.groupBy(run.tasks, (task) => task.taskId), [run]);
  const { places, error } = useLayout(boxes, links);
  const drawing = useMemo<Drawing | null>(() => places && drawingOf(run, places, instances), [run, places, instances]);
  if (run.nodes.length === 0) {
    return <Message title="No task graph is stored"><p>The DAG run’s START event has it, and that did not come.</p></Message>;
  }
  if (error) return <Failure error={error} />;
  if (!places || !drawing) return <Loading />;
  const nodes: TaskNode[] = drawing.boxes.map((box) => ({
    id: box.id,
    type: box.isGroup ? "tasks" : "task",
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    parentId: box.group ?? undefined,
    data: {
      label: box.label,
      look: box.look,
      instances: instances.get(box.name) ?? [],
      operator: box.note,
      mark: box.mark ?? null,
      isSelected: box.name === selected,
      isGroup: Boolean(box.isGroup),
      choose: () => choose(box.name),
    },
  }));
  const edges: Edge[] = drawing.lines.map((line) => ({
    id: `${line.from} ${line.to}`, source: line.from, target: line.to, label: line.label ?? undefined, focusable: false,
  }));
  return (
    <Canvas label={`Task graph of ${run.dagId}`} nodes={nodes} edges={edges} nodeTypes={TYPES} fitKey={run.runId} focus={selected && `task:${selected}`}
      height={Math.max(...drawing.boxes.map((box) => (box.group ? 0 : box.y + box.height)))}>
      <ExportMenu drawing={drawing} name={run.dagId} />
    </Canvas>
  );
}

function drawingOf(run: DagRun, places: Map<string, { x: number; y: number; width: number; height: number }>, instances: Map<string, TaskInstance[]>): Drawing {
  const depth = (group: string | null): number => (group ? 1 + depth(run.nodes.find((node) => node.kind === "group" && node.id === group)?.group ?? null) : 0);
  const outerFirst = [...run.nodes].sort((one, other) => Number(other.kind === "group") - Number(one.kind === "group") || depth(one.group) - depth(other.group));
  const ids = new Set(run.nodes.map((node) => `${node.kind}:${node.id}`));
  const boxes = outerFirst.flatMap((node) => {
    const id = `${node.kind}:${node.id}`;
    const place = places.get(id);
    if (!place) return [];
    const group = node.group && ids.has(`group:${node.group}`) ? `group:${node.group}` : null;
    const isGroup = node.kind === "group";
    const look = isGroup ? "group" : stateName(worst(instances.get(node.id) ?? []));
    const mark = node.isSetup ? "setup" : node.isTeardown ? "teardown" : null;
    return [{ id, name: node.id, label: node.label ?? node.id, note: node.operator, look, mark, group, isGroup, ...place }];
  });
  const lines = run.edges.map((edge) => ({ from: `task:${edge.fromId}`, to: `task:${edge.toId}`, label: edge.label, isDashed: false }));
  return { boxes, lines };
}
