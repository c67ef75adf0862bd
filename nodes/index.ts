/** The registry: what this Playgraph can do. Adding a node, a connection or a source is one file and one line here. */
import type { AnyConnection, AnyNode, SourceDefinition } from "#sdk";
import { assignAlert } from "./alert/assign.ts";
import { commentAlert } from "./alert/comment.ts";
import { getAlert } from "./alert/get.ts";
import { resolveAlert } from "./alert/resolve.ts";
import { updateAlert } from "./alert/update.ts";
import { ask } from "./core/ask.ts";
import { code } from "./core/code.ts";
import { condition } from "./core/condition.ts";
import { delay } from "./core/delay.ts";
import { each } from "./core/each.ts";
import { httpRequest } from "./core/http-request.ts";
import { repeat } from "./core/repeat.ts";
import { runPlaybook } from "./core/run-playbook.ts";
import { set } from "./core/set.ts";
import { stop } from "./core/stop.ts";
import { switchNode } from "./core/switch.ts";
import { waitForCallback } from "./core/wait-for-callback.ts";
import { elasticSource } from "./elastic/source.ts";
import { email } from "./email/connection.ts";
import { sendMessage } from "./email/send-message.ts";
import { genericSource } from "./generic/source.ts";
import { slack } from "./slack/connection.ts";
import { postMessage } from "./slack/post-message.ts";
import { virustotal } from "./virustotal/connection.ts";
import { lookupDomain } from "./virustotal/lookup-domain.ts";
import { lookupHash } from "./virustotal/lookup-hash.ts";
import { lookupIp } from "./virustotal/lookup-ip.ts";
import { lookupUrl } from "./virustotal/lookup-url.ts";
import { wazuhSource } from "./wazuh/source.ts";

export const nodes: readonly AnyNode[] = [
  condition, switchNode, each, repeat, set, code, httpRequest, delay, ask, waitForCallback, runPlaybook, stop,
  updateAlert, commentAlert, getAlert, assignAlert, resolveAlert,
  lookupIp, lookupDomain, lookupHash, lookupUrl,
  postMessage, sendMessage,
];

export const connections: readonly AnyConnection[] = [virustotal, slack, email];

/** Ties in recognition go to the earlier entry. */
export const sources: readonly SourceDefinition[] = [wazuhSource, elasticSource, genericSource];

const byKey = new Map(nodes.map((node) => [`${node.type}@${node.version}`, node]));
const connectionByType = new Map(connections.map((connection) => [connection.type, connection]));

/** Superseded versions stay resolvable for as long as a playbook may name them. */
export const resolveNode = (type: string, version: number): AnyNode | undefined => byKey.get(`${type}@${version}`);
export const resolveConnection = (type: string): AnyConnection | undefined => connectionByType.get(type);
