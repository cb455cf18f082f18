// A part of a page with a heading; a table in it.
import { type ReactNode, useId } from "react";

interface CardProps {
  title: string;
  note?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Card({ title, note, className = "", children }: CardProps) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <span className="note">{note}</span>}
      </header>
      {children}
    </section>
  );
}

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  isNumber?: boolean;
}

interface TableProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  empty: string;
  keyOf: (row: T, index: number) => string;
}

export function Table<T>({ label, rows, columns, empty, keyOf }: TableProps<T>) {
  if (rows.length === 0) return <p className="empty">{empty}</p>;
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" className={column.isNumber ? "number" : undefined}>{column.head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map((column) => (
                <td key={column.head} className={column.isNumber ? "number" : undefined}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Facts about a thing in a line: a word and its value each. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {facts.map(([word, value]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
