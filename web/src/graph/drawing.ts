// A graph whose places are known, and the pictures and texts that are made of it.
export interface DrawnBox {
  id: string;
  name: string;
  label: string;
  note: string | null;
  look: string; // a state, or what it is: a class of the style sheet
  mark?: string | null;
  group: string | null;
  isGroup?: boolean;
  x: number; // within its group
  y: number;
  width: number;
  height: number;
}

export interface DrawnLine {
  from: string;
  to: string;
  label: string | null;
  isDashed: boolean;
}

export interface Drawing {
  boxes: DrawnBox[];
  lines: DrawnLine[];
}

const MARGIN = 20;

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Returns the boxes with x and y from the drawing's corner. */
function absolute(drawing: Drawing): Map<string, DrawnBox> {
  const found = new Map<string, DrawnBox>();
  for (const box of drawing.boxes) {
    const around = box.group ? found.get(box.group) : undefined; // groups come first
    found.set(box.id, around ? { ...box, x: box.x + around.x, y: box.y + around.y } : box);
  }
  return found;
}

function color(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

function boxAsSvg(box: DrawnBox): string {
  const stroke = color(`--${box.look.replace("_", "-")}`) || color("--line-strong");
  const rect = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="6" fill="${box.isGroup ? "none" : color("--surface")}" stroke="${stroke}" stroke-width="1.5"/>`;
  const text = (content: string, y: number, fill: string, size: number) =>
    `<text x="${box.x + 12}" y="${box.y + y}" fill="${fill}" font-size="${size}">${escaped(content)}</text>`;
  const state = box.isGroup ? null : box.look.replace("_", " ");
  return rect + text(box.label, box.isGroup ? 22 : 20, color("--text"), 13) + (state ? text(state, 37, color("--muted"), 11) : "");
}

function lineAsSvg(line: DrawnLine, boxes: Map<string, DrawnBox>): string {
  const from = boxes.get(line.from);
  const to = boxes.get(line.to);
  if (!from || !to) return "";
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const dashes = line.isDashed ? ' stroke-dasharray="5 4"' : "";
  return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" stroke="${color("--edge")}" stroke-width="1.5"${dashes} marker-end="url(#end)"/>`;
}

/** Returns the drawing as an SVG that needs nothing else. */
export function asSvg(drawing: Drawing): string {
  const boxes = absolute(drawing);
  const all = [...boxes.values()];
  const width = all.reduce((most, box) => Math.max(most, box.x + box.width), 0) + 2 * MARGIN;
  const height = all.reduce((most, box) => Math.max(most, box.y + box.height), 0) + 2 * MARGIN;
  const marker = `<marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0l8 4-8 4z" fill="${color("--edge")}"/></marker>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="system-ui, sans-serif">` +
    `<defs>${marker}</defs><rect x="${-MARGIN}" y="${-MARGIN}" width="100%" height="100%" fill="${color("--page")}"/>` +
    all.filter((box) => box.isGroup).map(boxAsSvg).join("") +
    drawing.lines.map((line) => lineAsSvg(line, boxes)).join("") +
    all.filter((box) => !box.isGroup).map(boxAsSvg).join("") +
    "</svg>"
  );
}

/** Returns the drawing as a flow chart of Mermaid's. */
export function asMermaid(drawing: Drawing): string {
  const ids = new Map(drawing.boxes.map((box, index) => [box.id, `n${index}`]));
  const quoted = (text: string) => `"${text.replace(/"/g, "#quot;")}"`;
  const inside = (group: string | null, indent: string): string[] =>
    drawing.boxes.filter((box) => box.group === group).flatMap((box) => {
      const id = ids.get(box.id);
      if (!box.isGroup) return [`${indent}${id}[${quoted(box.label)}]`];
      return [`${indent}subgraph ${id} [${quoted(box.label)}]`, ...inside(box.id, `${indent}  `), `${indent}end`];
    });
  const arrows = drawing.lines.map((line) => {
    const label = line.label ? `|${quoted(line.label)}|` : "";
    return `  ${ids.get(line.from)} ${line.isDashed ? "-.->" : "-->"}${label} ${ids.get(line.to)}`;
  });
  return ["flowchart LR", ...inside(null, "  "), ...arrows, ""].join("\n");
}

/** Returns the drawing as a picture, twice as large as on the screen where a browser can. */
export async function asPng(drawing: Drawing): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asSvg(drawing))}`;
  await image.decode();
  const scale = Math.min(2, 8000 / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large for this browser")))),
  );
}
