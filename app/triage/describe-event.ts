/** One entry of an alert's history in words. Unknown actions are read as they are named. */
import type { AlertEventWire } from "#app/models/wire.ts";
import { words } from "#app/ui/words.ts";

const value = (of: unknown): string => {
  if (of === null || of === undefined || of === "") return "none";
  if (typeof of === "string") return of.replaceAll("_", " ");
  return Array.isArray(of) ? of.map(String).join(", ") || "none" : JSON.stringify(of);
};

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
