import { useMemo } from "react";
import { type PageAction, useOfferActions } from "#app/ui/page-actions.ts";
import { isOffered } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { caps } from "./commands/keys.ts";
import { useEditor } from "./editor-context.tsx";
import { useEditorHandle } from "./editor-view.tsx";
import { isMac } from "./use-shortcuts.ts";

/** Puts what can be done now into the command palette. Shows nothing. */
export function CanvasCommands() {
  const editor = useEditorHandle();
  const offered = useEditor((state) => COMMANDS.filter((command) => command.group !== "Select and move" && isOffered(command, state)).map(({ id }) => id).join(" "));
  const actions = useMemo(() => {
    const ids = new Set(offered.split(" "));
    return COMMANDS.filter(({ id }) => ids.has(id)).map((command): PageAction => ({
      id: command.id, label: command.label, group: "Canvas", run: () => void command.run(editor),
      ...(command.keys ? { detail: caps(command.keys[0]!, isMac()).join(" ") } : {}),
    }));
  }, [offered, editor]);
  useOfferActions(actions);
  return null;
}
