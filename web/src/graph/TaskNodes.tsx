// Tasks and groups of tasks as they are drawn in the graph of a DAG run.
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import type { TaskInstance } from "../api/client";
import { duration, plural, shortened } from "../format";
import { StateIcon, stateName, WORDS } from "../parts/State";
import { change } from "../route";
import { worst } from "../tasks";

export interface TaskData extends Record<string, unknown> {
  name: string;
  label: string;
  look: string;
  instances: TaskInstance[];
  operator: string | null;
  mark: string | null; // setup or teardown
  isOpen: boolean; // a group whose tasks are drawn
  isSelected: boolean; // the task, or one in the closed group
  toggle: () => void; // opens or closes the group
}

export type TaskNode = Node<TaskData>;
export const SIZE = { width: 190, height: 48 };

function Ends({ children }: { children: React.ReactNode }) {
  return (
    <>
      <Handle type="target" position={Position.Left} />
      {children}
      <Handle type="source" position={Position.Right} />
    </>
  );
}

function Text({ label, note, count }: { label: string; note: string; count?: number }) {
  return (
    <span className="text">
      <span className="label">{shortened(label, 21)}{count && count > 1 ? <b> ×{count}</b> : null}</span>
      <span className="muted">{note}</span>
    </span>
  );
}

function Task({ data }: NodeProps<TaskNode>) {
  const { instances, label, operator, mark } = data;
  const state = worst(instances);
  const tries = Math.max(0, ...instances.map((task) => task.tries.length));
  const known = instances.flatMap((task) => (task.tries.length && task.seconds !== null ? [task.seconds] : []));
  const took = known.length ? duration(known.reduce((sum, seconds) => sum + seconds)) : WORDS[stateName(state)];
  const notes = [mark, tries > 1 && `${tries} tries`, took];
  return (
    <button type="button" className={`task-node ${data.look}${data.isSelected ? " chosen" : ""}`} onClick={() => change({ task: data.name })}
      aria-pressed={data.isSelected} title={`${label} (${operator ?? "operator unknown"})`}>
      <Ends>
        <StateIcon state={state} />
        <Text label={label} count={instances.length} note={notes.filter(Boolean).join(" · ")} />
      </Ends>
    </button>
  );
}

// One button, open or closed: it keeps the focus.
function Group({ data }: NodeProps<TaskNode>) {
  const { isOpen, instances, label } = data;
  const failed = instances.filter((task) => stateName(task.state) === "failed").length;
  const note = [plural(instances.length, "task"), failed > 0 && `${failed} failed`].filter(Boolean).join(" · ");
  const closed = `task-node group ${data.look}${data.isSelected ? " chosen" : ""}`;
  return (
    <div className={isOpen ? "group-node" : "closed-group"}>
      <Ends>
        <button type="button" className={isOpen ? "plain" : closed} onClick={data.toggle} aria-expanded={isOpen} title={`${isOpen ? "Close" : "Open"} ${label}`}>
          {!isOpen && <StateIcon state={worst(instances)} />}
          {isOpen ? label : <Text label={label} note={note} />}
          <span className="opens" aria-hidden="true">{isOpen ? "−" : "+"}</span>
        </button>
      </Ends>
    </div>
  );
}

export const TYPES = { task: Task, tasks: Group };
