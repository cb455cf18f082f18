// What a page shows while there is nothing else to show: loading, empty, failed.
import { type ReactNode, useEffect, useState } from "react";
import type { Answers } from "../api/client";

const PATIENCE = 200; // milliseconds: what comes sooner needs no sign that it is coming

export function Loading() {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="message" role="status">
      {isShown && <><span className="spinner" aria-hidden="true" />Loading…</>}
    </div>
  );
}

export function Message({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="message">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failure({ error }: { error: Error }) {
  return (
    <div className="message failure" role="alert">
      <h2>This could not be loaded</h2>
      <p>{error.message}</p>
      <button type="button" onClick={() => window.location.reload()}>Try again</button>
    </div>
  );
}

/** Shows the one answer when it is there, else why it is not. */
export function WhenLoaded<T>({ answers, children }: { answers: Answers<T>; children: (data: T) => ReactNode }) {
  if (answers.error) return <Failure error={answers.error} />;
  const data = answers.data?.[0];
  return data === undefined ? <Loading /> : children(data);
}
