import { ViewportPortal } from "@xyflow/react";
import type { Frame } from "./frames.ts";

/** What is inside a container, with a frame around it that says so. */
export function BodyFrames({ frames, titleOf }: { frames: readonly Frame[]; titleOf(container: string): string }) {
  if (frames.length === 0) return null;
  return (
    <ViewportPortal>
      {frames.map(({ container, x, y, width, height, note }) => (
        <div key={container} className="body-frame" style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
          Inside “{titleOf(container)}”{note !== undefined && <> · <strong>{note}</strong></>}
        </div>
      ))}
    </ViewportPortal>
  );
}
