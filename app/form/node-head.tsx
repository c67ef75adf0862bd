import { BookOpen, Pencil } from "lucide-react";
import { useActions } from "#app/canvas/editor-context.tsx";
import { NodeIcon } from "#app/canvas/icons.tsx";
import { effectTone, effectWords } from "#app/canvas/look.ts";
import type { PlaybookNode } from "#format";
import type { CatalogNode } from "#nodes/catalog.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Prose } from "#app/ui/prose.tsx";

/** What the node is, what it is called, and what it does to the world. */
export function NodeHead({ node, type }: { node: PlaybookNode; type: CatalogNode | undefined }) {
  const { edit, set } = useActions();
  const effect = type === undefined ? "none" : effectOf(type, node);
  return (
    <header className="border-b border-line px-3 pt-2 pb-3">
      <div className="flex items-center gap-2">
        <NodeIcon name={type?.ui.icon ?? "box"} className="size-4 shrink-0 text-fg-2" />
        <h2 className="sr-only">{node.title ?? type?.ui.title ?? node.type}</h2>
        <div data-field="title" className="min-w-0 flex-1">
          <input
            aria-label="Title"
            value={node.title ?? ""}
            placeholder={type?.ui.title ?? node.type}
            maxLength={120}
            autoComplete="off"
            onChange={(event) => edit("Change the title", [{ op: "set-node", id: node.id, changes: { title: event.target.value === "" ? null : event.target.value } }], `${node.id}.title`)}
            className="-ml-1.5 h-8 w-full rounded-md border border-transparent bg-transparent px-1.5 text-base font-semibold placeholder:text-fg hover:border-line-strong focus:border-line-strong"
          />
        </div>
      </div>
      {type?.ui.description !== undefined && <p className="mt-1 break-words text-fg-2"><Prose text={type.ui.description} /></p>}
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-fg-3">
        <span>{type?.ui.title ?? node.type}</span>
        <button type="button" title="Change the id" onClick={() => set({ dialog: { is: "rename", node: node.id } })} className="group inline-flex min-w-0 items-center gap-1 rounded-sm font-mono text-2xs hover:text-fg">
          <span className="sr-only">Id: </span><span className="truncate">{node.id}</span><Pencil aria-hidden className="size-3 shrink-0" /><span className="sr-only">. Change it</span>
        </button>
        <Badge tone={effectTone(effect)}>{effectWords(effect)}</Badge>
        {type?.ui.docs !== undefined && <a href={type.ui.docs} target="_blank" rel="noreferrer" className="link inline-flex items-center gap-1"><BookOpen aria-hidden className="size-3" /> Documentation</a>}
      </div>
    </header>
  );
}

/** With the config as it is: one setting may decide it. */
export function effectOf({ effect, effectBy, config }: CatalogNode, node: PlaybookNode): string {
  if (effectBy === null) return effect;
  const chosen = node.config[effectBy.field] ?? (config as { properties?: Record<string, { default?: unknown }> }).properties?.[effectBy.field]?.default;
  return effectBy.effects[String(chosen)] ?? effect;
}
