/** Operations in words, for the list of edits that did not fit on somebody else's draft. Their names follow the document they were made on. */
import type { NodeChanges, Operation, PlaybookDocument } from "#format";

const CHANGES: Record<keyof NodeChanges, string> = {
  title: "title", note: "note", in: "container", version: "version", connection: "connection", join: "when it may run", onFailure: "what happens on a failure", retry: "retries", until: "the condition that ends it", approval: "the approval", timeout: "time limit",
};

export function describeOperation(operation: Operation, document: PlaybookDocument): string {
  const name = (id: string): string => (id === "trigger" ? "the trigger" : `“${document.nodes.find((node) => node.id === id)?.title ?? id}”`);
  switch (operation.op) {
    case "add-node": return `Add “${operation.node.title ?? operation.node.id}”`;
    case "remove-node": return `Delete ${name(operation.id)}`;
    case "rename-node": return `Change the id ${operation.id} to ${operation.to}`;
    case "set-node": return `Change ${Object.keys(operation.changes).map((key) => CHANGES[key as keyof NodeChanges]).join(" and ")} of ${name(operation.id)}`;
    case "set-config": return `Set ${operation.field} of ${name(operation.id)}`;
    case "set-input": return operation.binding === undefined ? `Clear ${operation.field} of ${name(operation.id)}` : `Set ${operation.field} of ${name(operation.id)}`;
    case "add-edge": return `Connect ${name(operation.edge.from)} to ${name(operation.edge.to)}`;
    case "remove-edge": {
      const edge = document.edges.find(({ id }) => id === operation.id);
      return edge === undefined ? "Remove a connection" : `Disconnect ${name(edge.from)} from ${name(edge.to)}`;
    }
    case "set-trigger": return "Change the trigger";
    case "set-details": return operation.changes.name !== undefined ? `Call the playbook “${operation.changes.name}”` : operation.changes.onRunFailed !== undefined ? "Change what handles its failures" : operation.changes.concurrency !== undefined ? "Change how many runs are at work at a time" : "Change the description";
    case "set-var": return operation.value === undefined ? `Remove the variable ${operation.name}` : `Set the variable ${operation.name}`;
    case "move": {
      const ids = Object.keys(operation.positions);
      return ids.length === 1 ? `Move ${name(ids[0]!)}` : `Move ${ids.length} cards`;
    }
    case "write-file": return operation.text === undefined ? `Delete ${operation.path}` : `Write ${operation.path}`;
    default: return operation satisfies never;
  }
}
