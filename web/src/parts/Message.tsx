// What a page shows while there is nothing else to show: loading, empty, failed.
import { type ReactNode, useEffect, useState } from "react";
import { type Answers, Refusal, rememberToken } from "../api/client";

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

function TokenForm({ reason }: { reason: string }) {
  const onSubmit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string") rememberToken(token);
    window.location.reload();
  };
  return (
    <form className="message" onSubmit={onSubmit}>
      <h2>This API asks for a token</h2>
      <p role="alert">{reason}</p>
      <p>One with scope read is enough: <code>openlineage-avro-consumer tokens create --name me --scope read</code>. It is kept until this tab is closed.</p>
      <label>Token <input type="password" name="token" required autoComplete="off" /></label>
      <button type="submit">Use it</button>
    </form>
  );
}

export function Failure({ error }: { error: Error }) {
  if (error instanceof Refusal && error.status === 401) return <TokenForm reason={error.message} />;
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
