// A graph that can be moved and zoomed: React Flow, for nodes whose places are known.
import { Controls, type Edge, MiniMap, type Node, type NodeHandle, type NodeTypes, Position, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";

interface CanvasProps {
  label: string;
  nodes: Node[];
  edges: Edge[];
  nodeTypes: NodeTypes;
  fitKey: string; // the whole graph is shown again when this changes
  focus?: string; // the node in the middle, where the whole graph would be too small to read
  height?: number; // of what is drawn: a low graph needs no high canvas
  children?: ReactNode;
}

const OVERSEEN = 20; // nodes: above, a small map is of use
const MANY = 400; // nodes: above, only what is in sight is drawn, and nothing glides
const HIGHEST = 520; // pixels of a canvas
const AROUND = 120; // pixels around a low graph, with room for buttons
const READABLE = 0.65; // zoom
const FIT = { padding: 0.08, maxZoom: 1, minZoom: 0.05 };

/** Returns where lines end at a box; without it all boxes would be drawn once, to measure them. */
export function endsOf({ width, height }: { width: number; height: number }): NodeHandle[] {
  return [
    { type: "target", position: Position.Left, x: 0, y: height / 2 },
    { type: "source", position: Position.Right, x: width, y: height / 2 },
  ];
}

function lookOf(node: Node): string {
  return typeof node.data.look === "string" ? node.data.look : "";
}

function Fit({ fitKey, focus, canvas }: Pick<CanvasProps, "fitKey" | "focus"> & { canvas: RefObject<HTMLDivElement | null> }) {
  const flow = useReactFlow();
  useEffect(() => {
    const fit = () => {
      const { clientWidth = 0, clientHeight = 0 } = canvas.current ?? {};
      const all = flow.getNodesBounds(flow.getNodes());
      const zoom = Math.min(clientWidth / all.width, clientHeight / all.height);
      const node = focus === undefined || zoom >= READABLE ? null : flow.getNode(focus);
      if (!node) return void flow.fitView(FIT);
      const middle = flow.getNodesBounds([node]);
      return void flow.setCenter(middle.x + middle.width / 2, middle.y + middle.height / 2, { zoom: READABLE });
    };
    const resized = new ResizeObserver(() => requestAnimationFrame(fit)); // it tells the first size, too
    if (canvas.current) resized.observe(canvas.current);
    return () => resized.disconnect();
    // The focus moves the graph when another graph is shown, not when another node is chosen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [flow, canvas, fitKey]);
  return null;
}

export function Canvas({ label, nodes, edges, nodeTypes, fitKey, focus, height, children }: CanvasProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const isLarge = nodes.length > MANY;
  return (
    <div ref={canvas} className={isLarge ? "canvas" : "canvas gliding"} role="group" aria-label={label}
      style={height ? { height: Math.min(HIGHEST, height + AROUND) } : undefined}>
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          minZoom={FIT.minZoom}
          maxZoom={2}
          fitViewOptions={FIT}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          onlyRenderVisibleElements={isLarge}
          deleteKeyCode={null}
        >
          <Fit fitKey={fitKey} focus={focus} canvas={canvas} />
          <Controls showInteractive={false} />
          {nodes.length > OVERSEEN && <MiniMap pannable zoomable ariaLabel="Overview" nodeClassName={lookOf} />}
          {children}
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}
