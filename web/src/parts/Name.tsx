// A long name that may be broken where its parts end, and nowhere else if that can be helped.
import { Fragment } from "react";

export function Name({ text }: { text: string }) {
  return text.split(/(?<=[._/:-])(?=[^._/:-])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
