// Where nodes go: elkjs, in a worker, so that the page stays usable meanwhile.
import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk-api";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";

export interface Box {
  id: string;
  width: number;
  height: number;
  group?: string | null; // the id of the box around it
}

export interface Link {
  from: string;
  to: string;
}

/** x and y are within the box around it. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Places = Map<string, Place>;

const LARGE = 300; // nodes: above, speed goes before beauty
const WARM_UP = { rounds: 8, nodes: 60 };

// Started with the page that needs it: it is ready when the data has come.
const elk = new ELK({ workerUrl });
let isAsked = false;
warmUp().catch(() => undefined); // what is wrong then is said when a graph is laid out

function options(isLarge: boolean): Record<string, string> {
  return {
    "elk.algorithm": "layered",
    "elk.direction": "RIGHT",
    "elk.hierarchyHandling": isLarge ? "SEPARATE_CHILDREN" : "INCLUDE_CHILDREN",
    "elk.edgeRouting": "POLYLINE",
    "elk.spacing.nodeNode": "18",
    "elk.spacing.componentComponent": "40",
    "elk.padding": "[top=36,left=14,bottom=14,right=14]",
    "elk.layered.spacing.nodeNodeBetweenLayers": "54",
    "elk.layered.layering.strategy": isLarge ? "LONGEST_PATH_SOURCE" : "NETWORK_SIMPLEX",
    "elk.layered.nodePlacement.strategy": isLarge ? "SIMPLE" : "NETWORK_SIMPLEX",
    "elk.layered.thoroughness": isLarge ? "1" : "7",
    "elk.layered.crossingMinimization.greedySwitch.type": isLarge ? "OFF" : "TWO_SIDED",
  };
}

/** Returns a box and those around it, the outermost first. */
function wayTo(id: string, boxes: Map<string, Box>): string[] {
  const group = boxes.get(id)?.group;
  return group && boxes.has(group) ? [...wayTo(group, boxes), id] : [id];
}

/** Returns the links by the box that holds both ends; each end is the box next below that one. */
function lifted(links: Link[], boxes: Map<string, Box>): Map<string | null, Link[]> {
  const found = new Map<string, { within: string | null; link: Link }>();
  for (const link of links) {
    const [from, to] = [wayTo(link.from, boxes), wayTo(link.to, boxes)];
    const fork = from.findIndex((id, depth) => id !== to[depth]);
    const [one, other] = [from[fork], to[fork]];
    if (!one || !other) continue; // one is within the other
    found.set(`${one} ${other}`, { within: from[fork - 1] ?? null, link: { from: one, to: other } });
  }
  const grouped = Map.groupBy(found.values(), ({ within }) => within);
  return new Map([...grouped].map(([within, all]) => [within, all.map(({ link }) => link)]));
}

function asEdges(links: Link[]): ElkExtendedEdge[] {
  return links.map(({ from, to }) => ({ id: `${from} ${to}`, sources: [from], targets: [to] }));
}

function read(node: ElkNode, places: Places): void {
  for (const child of node.children ?? []) {
    places.set(child.id, { x: child.x ?? 0, y: child.y ?? 0, width: child.width ?? 0, height: child.height ?? 0 });
    read(child, places);
  }
}

/** Lays out graphs that nobody sees while the data comes: compiled code takes half the time. */
async function warmUp(): Promise<void> {
  const boxes = Array.from({ length: WARM_UP.nodes }, (_, index) => ({ id: String(index), width: 200, height: 50 }));
  const links = boxes.slice(1).flatMap(({ id }, index) =>
    [...new Set([index >> 1, Math.floor(index / 3)])].map((from) => ({ from: String(from), to: id })));
  for (let round = 0; round < WARM_UP.rounds && !isAsked; round += 1) await placesOf(boxes, links, true);
}

/** Returns the place of every box. */
export function layout(boxes: Box[], links: Link[]): Promise<Places> {
  isAsked = true;
  return placesOf(boxes, links, boxes.length > LARGE);
}

async function placesOf(boxes: Box[], links: Link[], isLarge: boolean): Promise<Places> {
  const layoutOptions = options(isLarge);
  const known = new Map(boxes.map((box) => [box.id, box]));
  const children = Map.groupBy(boxes, (box) => (box.group && known.has(box.group) ? box.group : null));
  // Within a hierarchy links may lead anywhere, but that takes four times as long.
  const edges = isLarge ? lifted(links, known) : new Map([[null, links]]);
  const insideOf = (id: string | null): Omit<ElkNode, "id"> => ({
    layoutOptions,
    children: children.get(id)?.map(({ id, width, height }) => ({ id, width, height, ...insideOf(id) })),
    edges: asEdges(edges.get(id) ?? []),
  });
  const places: Places = new Map();
  read(await elk.layout({ id: "", ...insideOf(null) }), places);
  return places;
}
