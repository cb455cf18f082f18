// Jobs and datasets as they are drawn in the graph.
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import type { LineageNode } from "../api/client";
import { shortened } from "../format";
import { StateIcon } from "../parts/State";
import type { ShownColumn } from "./model";

export const WIDTH = 236;
const HEAD = 52;
const ROW = 22;

export interface LineageData extends Record<string, unknown> {
  node: LineageNode;
  look: string;
  columns: ShownColumn[] | null; // null: closed
  isStart: boolean;
  isChosen: boolean;
  isFaint: boolean;
  choose: () => void;
  lightColumn: (field: string) => void;
}

export type FlowNode = Node<LineageData>;

export function heightOf(columns: ShownColumn[] | null): number {
  return HEAD + (columns ? Math.max(columns.length, 1) * ROW + 6 : 0);
}

function classes(data: LineageData): string {
  const marks = [data.isStart && "start", data.isChosen && "chosen", data.isFaint && "faint"];
  return ["lineage-node", data.node.kind, ...marks].filter(Boolean).join(" ");
}

function DatasetIcon() {
  return (
    <svg className="kind-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1.5 2.5h13v11h-13zM1.5 6h13M6 6v7.5" />
    </svg>
  );
}

function Columns({ data }: { data: LineageData }) {
  if (!data.columns) return null;
  if (data.columns.length === 0) return <p className="no-columns">No columns are known</p>;
  return (
    <ul>
      {data.columns.map((column) => (
        <li key={column.field}>
          <Handle type="target" position={Position.Left} id={column.field} />
          <button type="button" className={column.isLit ? "lit" : undefined} aria-pressed={column.isLit}
            title={column.type ? `${column.field} ${column.type}` : column.field} onClick={() => data.lightColumn(column.field)}>
            <span>{shortened(column.field, 20)}</span>
            <span className="muted">{shortened(column.type ?? "", 10)}</span>
          </button>
          <Handle type="source" position={Position.Right} id={column.field} />
        </li>
      ))}
    </ul>
  );
}

export function LineageBox({ data }: NodeProps<FlowNode>) {
  const { node } = data;
  const owners = node.owners.join(", ");
  const isJob = node.kind === "job";
  return (
    <div className={classes(data)}>
      <Handle type="target" position={Position.Left} />
      <button type="button" className="head" aria-pressed={data.isChosen} onClick={data.choose} title={`${node.namespace}\n${node.name}`}>
        {isJob ? <StateIcon state={node.latestState} /> : <DatasetIcon />}
        <span className="text">
          <span className="label">{shortened(node.name, 22)}</span>
          <span className="muted">{owners ? shortened(owners, 30) : shortened(isJob ? node.jobType?.toLowerCase() ?? "job" : node.namespace, 30)}</span>
        </span>
      </button>
      <Columns data={data} />
      <Handle type="source" position={Position.Right} />
    </div>
  );
}
