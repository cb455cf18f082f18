// Search in every page: words of names, or the id of a run.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { ask, type Found, pathOf, type SearchResult } from "../api/client";
import { links } from "../route";

const PAUSE = 120; // milliseconds after the last key
const KINDS: Record<string, string> = { dataset: "Dataset", job: "Job", column: "Column", run: "Run" };

function linkTo(found: Found): string {
  if (found.kind === "dataset") return links.dataset(found.namespace, found.name);
  if (found.kind === "run" && found.dagId) return links.dagRun(found.field ?? "");
  if (found.kind === "column") {
    const dataset = ["dataset", found.namespace, found.name].map(encodeURIComponent).join("/");
    return links.graph("dataset", found.namespace, found.name, {
      columns: [dataset], column: `${dataset}/${encodeURIComponent(found.field ?? "")}`,
    });
  }
  return links.graph("job", found.namespace, found.name);
}

function useFound(text: string): { found: Found[] | null; error: string | null } {
  const [answer, setAnswer] = useState<{ found: Found[] | null; error: string | null }>({ found: null, error: null });
  useEffect(() => {
    if (!text.trim()) {
      setAnswer({ found: null, error: null });
      return;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      ask<SearchResult>(pathOf(["search"], { q: text, limit: 8 }), controller.signal)
        .then(({ found }) => setAnswer({ found, error: null }))
        .catch((error: Error) => {
          if (!controller.signal.aborted) setAnswer({ found: null, error: error.message });
        });
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return answer;
}

export function Search({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const { found, error } = useFound(text);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  useEffect(() => setPlace(0), [found]);
  const open = (row: Found | undefined) => {
    if (!row) return;
    window.location.hash = linkTo(row);
    close();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const count = found?.length ?? 0;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) {
      event.preventDefault();
      setPlace((place + step + count) % count);
    } else if (event.key === "Enter") open(found?.[place]);
  };
  return (
    <dialog ref={dialog} className="search" aria-label="Search" onClose={close}
      onClick={(event) => event.target === dialog.current && close()}>
      <input type="text" autoFocus value={text} placeholder="A table, a job, a column, a run id"
        role="combobox" aria-label="Search" aria-expanded={Boolean(found?.length)} aria-controls="found"
        aria-activedescendant={found?.length ? `found-${place}` : undefined}
        onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
      <p className="hint" role="status">
        {error ?? (found === null ? "↑ ↓ to choose, Enter to open, Esc to close"
          : found.length === 0 ? "Nothing has these words in its name." : `${found.length} found`)}
      </p>
      <ul id="found" role="listbox" aria-label="What was found">
        {found?.map((row, index) => (
          <li key={[row.kind, row.namespace, row.name, row.field].join()} id={`found-${index}`} role="option"
            aria-selected={index === place} onClick={() => open(row)} onMouseMove={() => setPlace(index)}>
            <span className="kind">{KINDS[row.kind]}</span>
            <span className="name">{row.kind === "column" ? <><b>{row.field}</b> in {row.name}</> : row.name}</span>
            <span className="namespace">{row.kind === "run" ? row.field : row.namespace}</span>
          </li>
        ))}
      </ul>
    </dialog>
  );
}
