// The frame around every page: where one can go, search, light or dark.
import { lazy, Suspense, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { DagRunByAirflowPage, DagRunPage } from "./pages/DagRunPage";
import { DatasetPage } from "./pages/DatasetPage";
import { PipelineRunPage } from "./pages/PipelineRunPage";
import { StartPage } from "./pages/StartPage";
import { TrafficPage } from "./pages/TrafficPage";
import { Loading, Message } from "./parts/Message";
import { Search } from "./parts/Search";
import { links, type Route, useRoute } from "./route";
import { type Choice, isEmbedded, useTheme } from "./theme";

const GraphPage = lazy(() => import("./pages/GraphPage"));

function Page({ route }: { route: Route }) {
  const [page, ...rest] = route.path;
  const [first, second, third] = rest;
  if (!page) return <StartPage dagId={route.query.get("dag")} />;
  if (page === "dag-runs" && first === "by-airflow" && second && third) {
    return <DagRunByAirflowPage dagId={second} airflowRunId={third} />;
  }
  if (page === "dag-runs" && first) return <DagRunPage runId={first} />;
  if (page === "pipeline-runs" && first) return <PipelineRunPage id={first} />;
  if (page === "dataset") return <DatasetPage query={route.query} />;
  if (page === "graph") return <GraphPage query={route.query} />;
  if (page === "traffic") return <TrafficPage />;
  return (
    <Message title="There is no such page">
      <p><a href={links.start()}>The latest DAG runs</a> are a good place to start.</p>
    </Message>
  );
}

function ThemeSwitch({ choice, choose }: { choice: Choice; choose: (choice: Choice) => void }) {
  return (
    <label className="theme">
      <span className="hidden">Theme</span>
      <select value={choice} onChange={(event) => choose(event.target.value as Choice)}>
        <option value="system">As the system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}

export function App() {
  const route = useRoute();
  const [choice, choose] = useTheme();
  const [isSearching, setSearching] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      flushSync(() => setSearching(true)); // the next key is already a letter of the search
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const place = route.path[0] ?? "";
  const current = (name: string) => (place === name ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>Skip to the page</a>
      <header className={isEmbedded ? "bar embedded" : "bar"}>
        {!isEmbedded && <a className="brand" href={links.start()}>Lineage</a>}
        <nav aria-label="Pages">
          <a href={links.start()} aria-current={current("")}>DAG runs</a>
          <a href="#/graph" aria-current={current("graph")}>Graph</a>
          <a href={links.traffic()} aria-current={current("traffic")}>Traffic</a>
        </nav>
        <button type="button" className="search-button" onClick={() => setSearching(true)}>
          Search tables, jobs, columns, runs <kbd>/</kbd>
        </button>
        {!isEmbedded && <ThemeSwitch choice={choice} choose={choose} />}
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Page route={route} />
        </Suspense>
      </main>
      {isSearching && <Search close={() => setSearching(false)} />}
    </>
  );
}
