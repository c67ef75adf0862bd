/**
 * Which iteration of which loops a step belongs to: "" outside loops, "each1[3]" in the fourth item of each1, "each1[3]/poll[0]" in the
 * first round of a loop inside it. With the node's id it is the key of a step (DESIGN 4).
 */
import { TOP } from "./graph.ts";

export const OUTSIDE = "";

export const enter = (path: string, container: string, index: number): string => `${path === OUTSIDE ? "" : `${path}/`}${container}[${index}]`;

/** The path of the container's own step. */
export const leave = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The path as far as `depth` loops deep: where an enclosing body's steps are found. */
export const outerPath = (path: string, depth: number): string => (depth === 0 ? OUTSIDE : path.split("/").slice(0, depth).join("/"));

/** Whether a step belongs to this iteration, or to one of a loop inside it. */
export const isWithin = (path: string, iteration: string): boolean => iteration === OUTSIDE || path === iteration || path.startsWith(`${iteration}/`);

/** The innermost loop and its iteration. */
export function iterationOf(path: string): { container: string; index: number } {
  const last = path.slice(path.lastIndexOf("/") + 1);
  const bracket = last.indexOf("[");
  return bracket < 0 ? { container: TOP, index: 0 } : { container: last.slice(0, bracket), index: Number(last.slice(bracket + 1, -1)) };
}

/** The same step of the same run always has this key. */
export const stepKey = (node: string, item: string): string => (item === OUTSIDE ? node : `${node}@${item}`);
