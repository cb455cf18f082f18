// The address after the # says which page is shown and what of it, so that it can be sent on.
import { useSyncExternalStore } from "react";
import type { Query } from "./api/client";

export interface Route {
  path: string[];
  query: URLSearchParams;
}

/** Returns the link to a page. */
export function href(path: string[], query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined && each !== "") search.append(name, String(each));
    }
  }
  const asked = search.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${asked ? `?${asked}` : ""}`;
}

export function parse(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  return { path: parts, query: new URLSearchParams(search) };
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

export function useRoute(): Route {
  return parse(useSyncExternalStore(subscribe, () => window.location.hash));
}

/** Changes some of what the address says of the page that is shown; null takes a word out. */
export function change(changes: Query): void {
  const { path, query } = parse(window.location.hash);
  const words: Query = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
  window.location.hash = href(path, { ...words, ...changes });
}

export const links = {
  start: () => href([]),
  traffic: () => href(["traffic"]),
  dagRun: (runId: string, task?: string) => href(["dag-runs", runId], { task }),
  dagRuns: (dagId: string) => href([], { dag: dagId }),
  pipelineRun: (id: string) => href(["pipeline-runs", id]),
  dataset: (namespace: string, name: string) => href(["dataset"], { namespace, name }),
  graph: (kind: string, namespace: string, name: string, more: Query = {}) =>
    href(["graph"], { kind, namespace, name, ...more }),
};
