// Small charts: columns over time, and pairs of bars that compare two sizes.
export interface Point {
  label: string;
  value: number | null;
  text: string;
}

export function Columns({ label, points }: { label: string; points: Point[] }) {
  const most = Math.max(1, ...points.map((point) => point.value ?? 0));
  const ends = [points[0]?.label, points.length > 1 && points.at(-1)?.label].filter(Boolean).join(" – ");
  return (
    <figure className="chart">
      <div className="columns" role="img" aria-label={`${label}, ${ends}: at most ${most.toLocaleString()}`}>
        {points.map((point, index) => (
          <span key={point.label + index} title={`${point.label}: ${point.text}`}>
            <i style={{ height: `${((point.value ?? 0) / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <figcaption>{ends}</figcaption>
    </figure>
  );
}

/** Two bars, one above the other, on a scale that ends at `most`. */
export function Pair({ json, avro, most }: { json: number; avro: number; most: number }) {
  const percent = (value: number) => `${Math.max(0.5, (value / most) * 100)}%`;
  return (
    <span className="pair" aria-hidden="true">
      <span className="json" style={{ width: percent(json) }} />
      <span className="avro" style={{ width: percent(avro) }} />
    </span>
  );
}
