// What events cost, how far the consumer is, what was lost or never came.
import { pathOf, type Traffic, useAnswers } from "../api/client";
import { bytes, NOTHING, number, plural, time } from "../format";
import { Card, type Column, Facts, Table } from "../parts/Card";
import { Columns, Pair } from "../parts/Chart";
import { WhenLoaded } from "../parts/Message";
import { Name } from "../parts/Name";
import { links } from "../route";

type Cost = Traffic["byType"][number];
type Missing = Traffic["missing"][number];

const FACETS = 15;
const DAYS = 30;

function share(cost: { jsonBytes: number; avroBytes: number }): string {
  return cost.jsonBytes ? `${Math.round((cost.avroBytes / cost.jsonBytes) * 100)} %` : NOTHING;
}

function Costs({ title, note, costs }: { title: string; note: string; costs: Cost[] }) {
  const most = Math.max(1, ...costs.map((cost) => cost.jsonBytes));
  const columns: Column<Cost>[] = [
    { head: "", cell: (cost) => <Name text={cost.name} /> },
    { head: "Count", cell: (cost) => number(cost.count), isNumber: true },
    { head: "JSON, mean", cell: (cost) => bytes(cost.jsonBytes / cost.count), isNumber: true },
    { head: "Avro, mean", cell: (cost) => bytes(cost.avroBytes / cost.count), isNumber: true },
    { head: "Avro of JSON", cell: share, isNumber: true },
    { head: "In all", cell: (cost) => <Pair json={cost.jsonBytes} avro={cost.avroBytes} most={most} /> },
  ];
  return (
    <Card title={title} note={note}>
      <Table label={title} rows={costs} empty="No event of the last 30 days." keyOf={(cost) => cost.name} columns={columns} />
    </Card>
  );
}

function linkOf(row: Missing) {
  const name = row.jobName ?? row.dagId ?? row.runId;
  return row.dagId && row.runId ? <a href={links.dagRun(row.runId)}>{name}</a> : name;
}

function Lost({ traffic }: { traffic: Traffic }) {
  return (
    <>
      <Card title="Partitions" note="lag when the consumer last looked">
        <Table label="Partitions" rows={traffic.partitions} empty="Nothing has been read yet." keyOf={(row) => row.topic + row.partition} columns={[
          { head: "Topic", cell: (row) => row.topic },
          { head: "Partition", cell: (row) => row.partition, isNumber: true },
          { head: "Lag", cell: (row) => number(row.lag), isNumber: true },
          { head: "Stored", cell: (row) => number(row.stored), isNumber: true },
          { head: "Duplicates", cell: (row) => number(row.duplicates), isNumber: true },
          { head: "Rejected", cell: (row) => number(row.rejected), isNumber: true },
          { head: "Moved", cell: (row) => time(row.updatedAt) },
        ]} />
      </Card>
      <Card title="Runs that miss events" note={`of the latest ${number(traffic.lookedAt)} DAG runs`}>
        <Table label="Runs that miss events" rows={traffic.missing} empty="None of them: each has ended, every task has spoken." keyOf={(_, index) => String(index)} columns={[
          { head: "Misses", cell: (row) => ({ end: "its end", task: "a task’s events", tasks: "all its tasks’ events" })[row.missing] ?? row.missing },
          { head: "Job", cell: linkOf },
          { head: "Last heard of", cell: (row) => time(row.since) },
        ]} />
      </Card>
      <Card title="Rejected records" note={traffic.rejected.length ? plural(traffic.rejected.length, "latest") : undefined}>
        <Table label="Rejected records" rows={traffic.rejected} empty="None: every record was an event." keyOf={(row) => `${row.topic}/${row.partition}/${row.offset}`} columns={[
          { head: "Record", cell: (row) => `${row.topic} ${row.partition}/${row.offset}` },
          { head: "Why", cell: (row) => <span className="reason">{row.reason}</span> },
          { head: "When", cell: (row) => time(row.rejectedAt) },
        ]} />
      </Card>
      <Card title="Gaps" note="what Kafka deleted before it was read">
        <Table label="Gaps" rows={traffic.gaps} empty="None: nothing was lost." keyOf={(row) => `${row.topic}/${row.partition}/${row.fromOffset}`} columns={[
          { head: "Partition", cell: (row) => `${row.topic} ${row.partition}` },
          { head: "Records", cell: (row) => number(row.toOffset - row.fromOffset), isNumber: true },
          { head: "Noticed", cell: (row) => time(row.noticedAt) },
        ]} />
      </Card>
    </>
  );
}

function sum(costs: Cost[]): Cost {
  const add = (field: "count" | "jsonBytes" | "avroBytes") => costs.reduce((all, cost) => all + cost[field], 0);
  return { name: "all", count: add("count"), jsonBytes: add("jsonBytes"), avroBytes: add("avroBytes") };
}

/** Returns the days that the page tells of, those without events, too. */
function everyDay(traffic: Traffic): Traffic["days"] {
  const known = new Map(traffic.days.map((day) => [day.day, day]));
  const last = Date.parse(traffic.until);
  return Array.from({ length: DAYS }, (_, index) => {
    const day = new Date(last - (DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return known.get(day) ?? { day, events: 0, bytes: 0 };
  });
}

export function TrafficPage() {
  const answers = useAnswers<Traffic>([pathOf(["traffic"])]);
  return (
    <WhenLoaded answers={answers}>
      {(traffic) => {
        const all = sum(traffic.byType);
        const measured = `of the latest ${plural(traffic.measured, "event")}`;
        const days = everyDay(traffic).map((day) => ({ label: day.day, value: day.events, text: `${plural(day.events, "event")}, ${bytes(day.bytes)}` }));
        return (
          <>
            <div className="heading">
              <h1>Traffic</h1>
              <Facts facts={[
                ["Events in 30 days", number(traffic.days.reduce((count, day) => count + day.events, 0))],
                ["Bytes on Kafka", bytes(traffic.days.reduce((count, day) => count + day.bytes, 0))],
                ["Avro of JSON", share(all)],
                ["Lag", number(traffic.partitions.reduce((lag, row) => lag + (row.lag ?? 0), 0))],
              ]} />
            </div>
            <Card title="Events a day" note="by eventTime, UTC">
              {traffic.days.length ? <Columns label="Events a day" points={days} /> : <p className="empty">No event of the last 30 days.</p>}
            </Card>
            <p className="legend"><span className="swatch json" /> JSON <span className="swatch avro" /> Avro</p>
            <div className="two">
              <Costs title="By event type" note={measured} costs={traffic.byType} />
              <Costs title="By facet" note={`the ${FACETS} dearest ${measured}`} costs={traffic.byFacet.slice(0, FACETS)} />
              <Lost traffic={traffic} />
            </div>
          </>
        );
      }}
    </WhenLoaded>
  );
}
