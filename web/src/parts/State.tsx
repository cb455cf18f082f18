// A state, told by a shape as well as by a colour.
import type { ReactNode } from "react";

export type StateName =
  | "success" | "failed" | "running" | "skipped" | "upstream_failed" | "removed" | "unknown";

const NAMES: Record<string, StateName> = {
  COMPLETE: "success", FAIL: "failed", ABORT: "failed", RUNNING: "running",
  success: "success", failed: "failed", running: "running", skipped: "skipped",
  upstream_failed: "upstream_failed", removed: "removed",
};

export const WORDS: Record<StateName, string> = {
  success: "succeeded", failed: "failed", running: "running", skipped: "skipped",
  upstream_failed: "upstream failed", removed: "removed", unknown: "no state known",
};

// In a box of 16 by 16.
export const SHAPES: Record<StateName, ReactNode> = {
  success: <><circle cx="8" cy="8" r="7" /><path className="mark" d="M4.8 8.2l2.2 2.2 4.2-4.6" /></>,
  failed: <><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" /><path className="mark" d="M5.5 5.5l5 5m0-5l-5 5" /></>,
  running: <><circle className="ring" cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 1 0 12z" /></>,
  skipped: <><path d="M2 3l6 5-6 5z" /><path d="M8 3l6 5-6 5z" /></>,
  upstream_failed: <><path d="M8 1l7 13H1z" /><path className="mark" d="M8 6v4m0 1.6v.2" /></>,
  removed: <path d="M2 7h12v2H2z" />,
  unknown: <circle className="ring" cx="8" cy="8" r="6" strokeDasharray="3 2.3" />,
};

export function stateName(state: string | null | undefined): StateName {
  return (state && NAMES[state]) || "unknown";
}

export function StateIcon({ state }: { state: string | null | undefined }) {
  const name = stateName(state);
  return (
    <svg className={`state-icon ${name}`} viewBox="0 0 16 16" role="img" aria-label={WORDS[name]}>
      <title>{WORDS[name]}</title>
      {SHAPES[name]}
    </svg>
  );
}

/** The shape with its word. */
export function State({ state }: { state: string | null | undefined }) {
  const name = stateName(state);
  return (
    <span className={`state ${name}`}>
      <svg className={`state-icon ${name}`} viewBox="0 0 16 16" aria-hidden="true">{SHAPES[name]}</svg>
      {WORDS[name]}
    </span>
  );
}
