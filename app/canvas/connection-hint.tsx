import { Panel, useConnection } from "@xyflow/react";
import type { Ends } from "./commands/connect.ts";

/** While a connection is drawn: what letting go would do, or why it would do nothing. */
export function ConnectionHint({ whyNot }: { whyNot(ends: Ends): string | undefined }) {
  const drawn = useConnection(({ inProgress, fromHandle, fromNode, toHandle, toNode }) =>
    inProgress ? JSON.stringify([fromNode.id, fromHandle.id ?? "out", fromHandle.type, toNode?.id ?? null, toHandle?.id ?? "out"]) : null);
  if (drawn === null) return null;
  const [node, port, side, over, overPort] = JSON.parse(drawn) as [string, string, string, string | null, string];
  const reason = over === null ? undefined : whyNot(side === "source" ? { from: node, port, to: over } : { from: over, port: overPort, to: node });
  const words = over === null ? (side === "source" ? "Let go on a card to connect, or on the canvas to add a node" : "Let go on a port") : (reason ?? "Let go to connect");
  return (
    <Panel position="top-center">
      <p role="status" data-tone={over === null ? "gray" : reason === undefined ? "green" : "red"} className="pointer-events-none rounded-md bg-raised px-2.5 py-1 text-xs text-tone shadow-float">{words}</p>
    </Panel>
  );
}
