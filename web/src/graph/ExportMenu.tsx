// Takes the graph out of the page: as SVG, PNG, or text for Mermaid.
import { Panel } from "@xyflow/react";
import { useState } from "react";
import { asMermaid, asPng, asSvg, type Drawing } from "./drawing";

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function ExportMenu({ drawing, name }: { drawing: Drawing; name: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const file = name.replace(/[^\w.-]+/g, "_");
  const png = () => asPng(drawing).then((blob) => save(blob, `${file}.png`)).catch((error: Error) => setProblem(error.message));
  return (
    <Panel position="top-right" className="export">
      <span aria-hidden="true">Export</span>
      <button type="button" aria-label="Export as SVG" onClick={() => save(new Blob([asSvg(drawing)], { type: "image/svg+xml" }), `${file}.svg`)}>SVG</button>
      <button type="button" aria-label="Export as PNG" onClick={() => void png()}>PNG</button>
      <button type="button" aria-label="Export for Mermaid" onClick={() => save(new Blob([asMermaid(drawing)], { type: "text/plain" }), `${file}.mmd`)}>Mermaid</button>
      {problem && <span role="alert">{problem}</span>}
    </Panel>
  );
}
