// The places of boxes, asked for anew when the boxes or links between them are others.
import { useEffect, useState } from "react";
import { type Box, layout, type Link, type Places } from "./layout";

/** Returns the places, null before the first; while the next are worked out the last ones hold. */
export function useLayout(boxes: Box[], links: Link[]): { places: Places | null; error: Error | null } {
  const [state, setState] = useState<{ places: Places | null; error: Error | null }>({ places: null, error: null });
  const key = JSON.stringify([boxes, links]);
  useEffect(() => {
    let isWanted = true;
    const began = performance.now();
    const [askedBoxes, askedLinks] = JSON.parse(key) as [Box[], Link[]];
    layout(askedBoxes, askedLinks)
      .then((places) => {
        performance.measure("layout", { start: began });
        if (isWanted) setState({ places, error: null });
      })
      .catch((error: unknown) => {
        if (isWanted) setState({ places: null, error: new Error(`The graph could not be laid out: ${String(error)}`) });
      });
    return () => {
      isWanted = false;
    };
  }, [key]);
  return state;
}
