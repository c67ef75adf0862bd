/** One entry of an alert's history in words. Unknown actions are read as they are named. */
import type { AlertEventWire } from "#app/models/wire.ts";
import { words } from "#app/ui/words.ts";

const value = (of: unknown): string => {
  if (of === null || of === undefined || of === "") return "none";
  if (typeof of === "string") return short(of.replaceAll("_", " "));
  return Array.isArray(of) ? list(of) : short(JSON.stringify(of));
};

const MAX = 80;
const short = (text: string): string => (text.length > MAX ? `${text.slice(0, MAX - 1)}…` : text);
const list = (items: readonly unknown[]): string => items.map((item) => short(String(item))).join(", ") || "none";

/** A list's change is what came and what went. */
function listChange(field: string, old: readonly unknown[], next: readonly unknown[]): string {
  const added = next.filter((item) => !old.includes(item));
  const removed = old.filter((item) => !next.includes(item));
  return [...(added.length > 0 ? [`added ${field} ${list(added)}`] : []), ...(removed.length > 0 ? [`removed ${field} ${list(removed)}`] : [])].join(", ") || `changed ${field}`;
}

export function describeEvent({ action, data, detail }: AlertEventWire): string {
  switch (action) {
    case "created": return "received this alert";
    case "duplicate": return "delivered it again";
    case "claimed": return "claimed it";
    case "assigned": return data?.new ? `assigned it to ${value(data.new)}` : "unassigned it";
    case "comment": case "comment_added": return "commented";
    default: {
      if (data?.field === undefined) return detail === null ? words(action).toLowerCase() : detail;
      const field = data.field.replaceAll("_", " ");
      if (Array.isArray(data.new)) return listChange(field, Array.isArray(data.old) ? data.old : [], data.new);
      return data.old === undefined || data.old === null || data.old === "" ? `set ${field} to ${value(data.new)}` : `changed ${field} from ${value(data.old)} to ${value(data.new)}`;
    }
  }
}

/** The comment's text, where the entry is one. */
export const commentOf = ({ action, detail }: AlertEventWire): string | null => (action.startsWith("comment") ? detail : null);

export function actorName({ actor, playbook_name }: AlertEventWire): string {
  switch (actor.kind) {
    case "user": return actor.name ?? "Somebody";
    case "api_key": return actor.name === null ? "An API key" : `API key ${actor.name}`;
    case "step": return playbook_name ?? actor.name ?? "A playbook";
    case "system": return "Playgraph";
    default: return actor.kind satisfies never;
  }
}
