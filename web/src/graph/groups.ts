// What is drawn of a task graph: tasks in a closed group are not, and their links end at the group.
import type { DagRun, TaskInstance } from "../api/client";
import { change } from "../route";

type StoredNode = DagRun["nodes"][number];

export interface ShownNode {
  id: string; // kind:id
  node: StoredNode;
  group: string | null; // the id of the group around it
  isOpen: boolean; // a group whose tasks are drawn
  instances: TaskInstance[]; // of the task, or of all tasks in a closed group
}

export interface ShownLink {
  from: string;
  to: string;
  label: string | null;
}

export interface ShownGraph {
  nodes: ShownNode[]; // groups first, the outer ones before those inside
  links: ShownLink[];
}

const MANY = 100; // tasks: above, groups are closed until they are opened

function idOf(node: StoredNode): string {
  return `${node.kind}:${node.id}`;
}

/** Which groups are open, as the address says: all or none, but for those that are named. */
export class OpenGroups {
  readonly areOpen: boolean;
  private readonly others: Set<string>;

  constructor(run: DagRun, asked: string | null, others: string[]) {
    this.areOpen = asked ? asked === "open" : run.nodes.length <= MANY;
    this.others = new Set(others);
  }

  has(group: string): boolean {
    return this.areOpen !== this.others.has(group);
  }

  toggle(group: string): void {
    const others = new Set(this.others);
    if (!others.delete(group)) others.add(group);
    change({ groups: this.areOpen ? "open" : "closed", but: [...others] });
  }

  toggleAll(): void {
    change({ groups: this.areOpen ? "closed" : "open", but: null });
  }
}

/** Returns the nodes and links that are drawn while some groups are closed. */
export function shownGraph(run: DagRun, open: OpenGroups): ShownGraph {
  const groups = new Map(run.nodes.filter((node) => node.kind === "group").map((node) => [node.id, node]));
  const tasks = new Map(run.nodes.filter((node) => node.kind === "task").map((node) => [node.id, node]));
  const around = new Map(run.nodes.map((node) => [node, groupsAround(node, groups)]));
  const closed = new Map([...around].map(([node, all]) => [node, all.find((group) => !open.has(group.id))]));
  const instances = Map.groupBy(run.tasks, (task) => task.taskId);
  const inClosed = Map.groupBy(tasks.values(), (task) => closed.get(task)?.id);
  const shown = run.nodes.filter((node) => !closed.get(node)).map((node) => {
    const group = around.get(node)?.at(-1);
    const isOpen = node.kind === "group" && open.has(node.id);
    const members = node.kind === "task" ? [node] : isOpen ? [] : inClosed.get(node.id) ?? [];
    return { id: idOf(node), node, group: group ? idOf(group) : null, isOpen, instances: members.flatMap((task) => instances.get(task.id) ?? []) };
  });
  const depth = new Map(shown.map(({ id, node }) => [id, node.kind === "group" ? around.get(node)?.length ?? 0 : run.nodes.length]));
  shown.sort((one, other) => (depth.get(one.id) ?? 0) - (depth.get(other.id) ?? 0));
  const standIn = (id: string) => {
    const task = tasks.get(id);
    return task && idOf(closed.get(task) ?? task);
  };
  return { nodes: shown, links: linksBetween(run.edges, standIn) };
}

/** Returns the groups around a node, the outermost first. */
function groupsAround(node: StoredNode, groups: Map<string, StoredNode>): StoredNode[] {
  const found: StoredNode[] = [];
  let group = node.group === null ? undefined : groups.get(node.group);
  while (group && !found.includes(group)) {
    found.unshift(group);
    group = group.group === null ? undefined : groups.get(group.group);
  }
  return found;
}

function linksBetween(edges: DagRun["edges"], standIn: (task: string) => string | undefined): ShownLink[] {
  const found = new Map<string, ShownLink>();
  for (const edge of edges) {
    const [from, to] = [standIn(edge.fromId), standIn(edge.toId)];
    if (!from || !to || from === to) continue;
    const isOne = !found.has(`${from} ${to}`);
    found.set(`${from} ${to}`, { from, to, label: isOne ? edge.label : null });
  }
  return [...found.values()];
}
