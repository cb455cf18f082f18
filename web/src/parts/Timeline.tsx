// A time line: a row for each thing that ran, a bar for each of its runs.
import { clock, duration } from "../format";
import { StateIcon, stateName } from "./State";

export interface Bar {
  id: string;
  start: number; // milliseconds
  end: number;
  state: string | null;
  title: string;
}

export interface Row {
  id: string;
  name: string;
  indent: number;
  state: string | null;
  bars: Bar[];
  isCritical?: boolean;
  link?: string;
  seconds: number | null;
}

interface TimelineProps {
  label: string;
  rows: Row[];
  selected?: string;
  choose?: (id: string) => void;
}

const TICKS = 4;

function span(rows: Row[]): [number, number] {
  const times = rows.flatMap((row) => row.bars.flatMap((bar) => [bar.start, bar.end]));
  if (times.length === 0) return [0, 1];
  const first = times.reduce((one, other) => Math.min(one, other));
  const last = times.reduce((one, other) => Math.max(one, other));
  return [first, Math.max(last, first + 1)];
}

function Name({ row, choose }: { row: Row; choose?: (id: string) => void }) {
  const style = { paddingLeft: `${row.indent * 14}px` };
  const text = <span className="row-name" title={row.name}>{row.name}</span>;
  if (row.link) return <a href={row.link} style={style}>{text}</a>;
  if (!choose) return <span style={style}>{text}</span>;
  return <button type="button" className="plain" style={style} onClick={() => choose(row.id)}>{text}</button>;
}

export function Timeline({ label, rows, selected, choose }: TimelineProps) {
  const [first, last] = span(rows);
  const percent = (at: number) => `${((at - first) / (last - first)) * 100}%`;
  const ticks = Array.from({ length: TICKS }, (_, tick) => first + ((last - first) * tick) / TICKS);
  return (
    <div className="timeline" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="ticks">
              <span className="hidden">Time</span>
              {ticks.map((tick) => <span key={tick} style={{ left: percent(tick) }}>{clock(tick)}</span>)}
            </th>
            <th scope="col" className="number">Took</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.id === selected ? "selected" : undefined}>
              <th scope="row"><span className="cell"><StateIcon state={row.state} /><Name row={row} choose={choose} /></span></th>
              <td className="bars">
                {row.bars.map((bar) => (
                  <span key={bar.id} title={bar.title}
                    className={`bar-of ${stateName(bar.state)}${row.isCritical ? " critical" : ""}`}
                    style={{ left: percent(bar.start), width: `max(3px, calc(${percent(bar.end)} - ${percent(bar.start)}))` }} />
                ))}
              </td>
              <td className="number">{duration(row.seconds)}{row.isCritical && <span className="hidden"> (on the critical path)</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
