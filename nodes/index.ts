/** The registry: what this Playgraph can do. Adding a node, a connection or a source is one file and one line here. */
import type { AnyConnection, AnyNode, SourceDefinition } from "#sdk";
import { commentAlert } from "./alert/comment.ts";
import { getAlert } from "./alert/get.ts";
import { updateAlert } from "./alert/update.ts";
import { code } from "./core/code.ts";
import { condition } from "./core/condition.ts";
import { delay } from "./core/delay.ts";
import { httpRequest } from "./core/http-request.ts";
import { set } from "./core/set.ts";
import { stop } from "./core/stop.ts";
import { switchNode } from "./core/switch.ts";

export const nodes: readonly AnyNode[] = [
  condition, switchNode, set, code, httpRequest, delay, stop,
  updateAlert, commentAlert, getAlert,
];

export const connections: readonly AnyConnection[] = [];

/** Ties in recognition go to the earlier entry. */
export const sources: readonly SourceDefinition[] = [];

const byKey = new Map(nodes.map((node) => [`${node.type}@${node.version}`, node]));
const connectionByType = new Map(connections.map((connection) => [connection.type, connection]));

/** Superseded versions stay resolvable for as long as a playbook may name them. */
export const resolveNode = (type: string, version: number): AnyNode | undefined => byKey.get(`${type}@${version}`);
export const resolveConnection = (type: string): AnyConnection | undefined => connectionByType.get(type);
