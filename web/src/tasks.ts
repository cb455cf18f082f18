// What is asked of the tasks of a DAG run in more than one place.
import type { DagRun, TaskInstance } from "./api/client";
import { duration } from "./format";
import { type Row } from "./parts/Timeline";
import { WORDS, stateName } from "./parts/State";

/** Returns the name of a task instance: a mapped one has its index. */
export function nameOf(task: TaskInstance): string {
  return task.mapIndex === null ? task.taskId : `${task.taskId} [${task.mapIndex}]`;
}

export function failures(run: DagRun): TaskInstance[] {
  return run.tasks.filter((task) => task.state === "failed");
}

/** Returns the error of the last try that has one. */
export function errorOf(task: TaskInstance): string | null {
  return task.tries.map((each) => each.error).filter(Boolean).at(-1) ?? null;
}

const ORDER = ["failed", "upstream_failed", "running", "unknown", "success", "skipped", "removed"];

/** Returns the state of all instances of a task: the one that most wants to be seen. */
export function worst(instances: TaskInstance[]): string | null {
  const states = instances.map((task) => stateName(task.state));
  return ORDER.find((state) => states.some((each) => each === state)) ?? null;
}

/** Returns a row for each task instance, in the order in which they began, a bar for each try. */
export function timelineRows(run: DagRun): Row[] {
  const now = Date.parse(run.endedAt ?? run.lastEventAt ?? new Date().toISOString());
  return run.tasks.map((task) => ({
    id: nameOf(task),
    name: nameOf(task),
    indent: 0,
    state: task.state,
    isCritical: task.isCritical,
    seconds: task.tries.length ? task.seconds : null,
    bars: task.tries.flatMap((each, index) => {
      if (!each.startedAt) return [];
      const start = Date.parse(each.startedAt);
      const end = each.endedAt ? Date.parse(each.endedAt) : Math.max(now, start);
      const word = WORDS[stateName(each.state)];
      const title = `${nameOf(task)}, try ${each.tryNumber ?? index + 1}: ${word}, ${duration((end - start) / 1000)}`;
      return [{ id: each.runId, start, end, state: each.state, title }];
    }),
  }));
}
