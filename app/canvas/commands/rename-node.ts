import { type Draft, nodeIdPattern, type Operation } from "#format";
import { renameMentions } from "../references.ts";
import { type Command, onlyNode } from "./command.ts";

/** The graph follows by itself; expressions and code are rewritten in the same edit. */
export const renameNode = (draft: Draft, id: string, to: string): Operation[] => (id === to ? [] : [{ op: "rename-node", id, to }, ...renameMentions(draft, id, to)]);

/** Why a node cannot have this id. */
export function refuseId({ document }: Draft, id: string, to: string): string | undefined {
  if (!nodeIdPattern.test(to)) return "An id starts with a lower-case letter and holds letters, digits and _ (at most 63)";
  if (to !== id && (to === "trigger" || document.nodes.some((node) => node.id === to))) return `There is a node ${to} already`;
  return undefined;
}

export const renameCommand: Command = {
  id: "rename",
  label: "Change the id…",
  group: "Edit",
  keys: ["Shift+F2"],
  menus: ["card"],
  changes: true,
  applies: (state) => ![undefined, "trigger"].includes(onlyNode(state)),
  run({ store }) {
    store.actions.set({ dialog: { is: "rename", node: onlyNode(store.getState())! } });
  },
};
