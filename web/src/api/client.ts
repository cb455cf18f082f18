// Asks the API; its address is that of the page, plus what <meta name="lineage-api"> says.
import { useEffect, useState } from "react";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type DagRun = Schemas["DagRun"];
export type DagRunSummary = Schemas["DagRunSummary"];
export type TaskInstance = Schemas["TaskInstance"];
export type LineageGraph = Schemas["LineageGraph"];
export type LineageNode = Schemas["LineageNode"];
export type LineageEdge = Schemas["LineageEdge"];
export type ColumnStep = Schemas["ColumnStep"];
export type DatasetPage = Schemas["DatasetPage"];
export type PipelineRun = Schemas["PipelineRun"];
export type Traffic = Schemas["Traffic"];
export type Found = Schemas["Found"];
export type ColumnList = Schemas["ColumnList"];
export type ColumnPath = Schemas["ColumnPath"];
export type DagRunList = Schemas["DagRunList"];
export type SearchResult = Schemas["SearchResult"];

export type Query = Record<string, string | number | string[] | null | undefined>;

/** Returns a path below the API with its query; what is null or undefined is left out. */
export function pathOf(parts: string[], query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined) search.append(name, String(each));
    }
  }
  const asked = search.toString();
  return parts.map(encodeURIComponent).join("/") + (asked ? `?${asked}` : "");
}

function addressOf(path: string): URL {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="lineage-api"]');
  const base = (meta?.content ?? "api/lineage").replace(/\/?$/, "/");
  return new URL(path, new URL(base, document.baseURI));
}

const TOKEN = "openlineage-avro-token"; // kept until the tab is closed

/** Sends a token from now on, for an API that asks for one. */
export function rememberToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

/** What the API answered instead of what it was asked for. */
export class Refusal extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

/** Returns the answer of a path; throws an Error that says what a person can read. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const token = sessionStorage.getItem(TOKEN);
  const headers: HeadersInit = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(addressOf(path), { signal, headers }).catch((reason: unknown) => {
    if (signal?.aborted) throw reason;
    throw new Error("The API cannot be reached. Is it running, and is this page still allowed to ask it?");
  });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(messageOf(body) ?? `The API answered ${answer.status}.`, answer.status);
  if (body === null) throw new Error("The API answered with something that is not JSON.");
  return body as T;
}

function messageOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  const { message, detail } = body as { message?: unknown; detail?: unknown };
  const text = message ?? detail;
  return typeof text === "string" ? text : null;
}

export interface Answers<T> {
  data: T[] | null; // what is shown: the last complete answer, while the next one is loading
  error: Error | null;
  isLoading: boolean;
}

/** Asks several paths; the answer is there when all of them are. */
export function useAnswers<T>(paths: string[]): Answers<T> {
  const [answers, setAnswers] = useState<Answers<T>>({ data: null, error: null, isLoading: true });
  const key = paths.join("\n");
  useEffect(() => {
    const controller = new AbortController();
    setAnswers((before) => ({ ...before, error: null, isLoading: true }));
    Promise.all(key.split("\n").filter(Boolean).map((path) => ask<T>(path, controller.signal)))
      .then((data) => setAnswers({ data, error: null, isLoading: false }))
      .catch((error: Error) => {
        if (!controller.signal.aborted) setAnswers({ data: null, error, isLoading: false });
      });
    return () => controller.abort();
  }, [key]);
  return answers;
}
