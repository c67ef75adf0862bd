import { useMemo, useState } from "react";
import { Button } from "#app/ui/button.tsx";
import { Dialog } from "#app/ui/dialog.tsx";
import { TextField } from "#app/ui/field.tsx";
import { bestScore } from "#app/ui/fuzzy.ts";
import { Kbd } from "#app/ui/kbd.tsx";
import { PickDialog } from "#app/ui/pick-dialog.tsx";
import type { Pick } from "#app/ui/pick-list.tsx";
import { connect, connectLabel, ways } from "./commands/connect.ts";
import type { Command } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { caps } from "./commands/keys.ts";
import { refuseId, renameNode } from "./commands/rename-node.ts";
import { useActions, useEditor, useEditorStore } from "./editor-context.tsx";
import { useViewSlot } from "./editor-view.tsx";
import { NodeIcon } from "./icons.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { titleOf, typeOf } from "./shapes.ts";
import { isMac } from "./use-shortcuts.ts";

/** The question that is open, if one is. */
export function EditorDialogs() {
  const dialog = useEditor((state) => state.dialog);
  const { set } = useActions();
  const view = useViewSlot();
  const close = () => {
    set({ dialog: null });
    requestAnimationFrame(() => view.current.focus());
  };
  switch (dialog?.is) {
    case undefined: return null;
    case "keys": return <KeysDialog onClose={close} />;
    case "search": return <SearchDialog onClose={close} />;
    case "connect": return <ConnectDialog node={dialog.node} onClose={close} />;
    case "rename": return <RenameDialog node={dialog.node} onClose={close} />;
    case "publish": return <PublishDialog onClose={close} />;
    default: return dialog satisfies never;
  }
}

function KeysDialog({ onClose }: { onClose(): void }) {
  const groups = [...Map.groupBy(COMMANDS.filter(({ keys }) => keys !== undefined), ({ group }) => group)];
  return (
    <Dialog open onOpenChange={onClose} title="Keys" wide description="They work while the canvas has the focus. With the mouse: drag the canvas to look around, drag with Shift to select several cards, drag from a port to connect.">
      <div role="group" aria-label="Keys" tabIndex={0} className="gap-8 sm:columns-2 focus-visible:outline-none">
        {groups.map(([group, commands]) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-fg-2">{group}</h3>
            <ul>{commands.map((command) => <KeyLine key={command.id} command={command} />)}</ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const KeyLine = ({ command }: { command: Command }) => (
  <li className="flex min-h-7 items-center gap-3">
    <span className="flex-1">{command.label.replace(/…$/, "")}</span>
    {command.keys!.slice(0, 2).map((keys, index) => (
      <span key={keys} className="flex items-center gap-1">{index > 0 && <span className="mr-1 text-2xs text-fg-3">or</span>}{caps(keys, isMac()).map((cap) => <Kbd key={cap}>{cap}</Kbd>)}</span>
    ))}
  </li>
);

function useNodeNames() {
  const document = useEditor((state) => state.draft.document);
  const types = useEditor((state) => state.types);
  return useMemo(() => document.nodes.map((node) => ({ node, type: typeOf(types, node), title: titleOf(types, node) })), [document, types]);
}

function SearchDialog({ onClose }: { onClose(): void }) {
  const names = useNodeNames();
  const { select } = useActions();
  const view = useViewSlot();
  const find = (query: string): Pick[] => names
    .map(({ node, type, title }) => ({
      points: bestScore(query, [[title, 1], [node.id, 0.9], [type?.ui.title ?? "", 0.6], [node.note ?? "", 0.5], ...Object.values(node.input).map((binding) => ["expr" in binding ? binding.expr : "file" in binding ? binding.file : JSON.stringify(binding.value), 0.5] as const)]),
      pick: { id: node.id, label: title, detail: node.id, icon: <NodeIcon name={type?.ui.icon ?? "box"} className="size-4 text-fg-3" /> },
    }))
    .filter(({ points }) => points > 4 || query.trim() === "")
    .sort((a, b) => b.points - a.points)
    .map(({ pick }) => pick);
  return (
    <PickDialog title="Find a node of this playbook" placeholder="Title, id, expression, file" find={find} onClose={onClose} nothing={(query) => `Nothing in this playbook mentions “${query}”.`} onPick={({ id }) => {
      onClose();
      select({ nodes: [id] });
      requestAnimationFrame(() => view.current.show(id));
    }} />
  );
}

function ConnectDialog({ node, onClose }: { node: string; onClose(): void }) {
  const store = useEditorStore();
  const names = useNodeNames();
  const { edit } = useActions();
  const { draft, types } = store.getState();
  const title = (id: string): string => names.find((name) => name.node.id === id)?.title ?? "Trigger";
  const all = ways(draft, types, node).filter(({ port, to }) => !draft.document.edges.some((edge) => edge.from === node && edge.port === port && edge.to === to));
  const ports = new Set(all.map(({ port }) => port));
  const find = (query: string): Pick[] => all
    .map((way) => ({ way, points: bestScore(query, [[title(way.to), 1], [way.to, 0.9], [`${way.port} ${title(way.to)}`, 0.8]]) }))
    .filter(({ points }) => points > 4 || query.trim() === "")
    .sort((a, b) => Number(a.way.refusal !== undefined) - Number(b.way.refusal !== undefined) || b.points - a.points)
    .sort((a, b) => [...ports].indexOf(a.way.port) - [...ports].indexOf(b.way.port))
    .map(({ way }) => ({ id: JSON.stringify([way.port, way.to]), label: title(way.to), detail: way.to, refusal: way.refusal, ...(ports.size > 1 ? { group: `By ${way.port}` } : {}) }));
  return (
    <PickDialog title={`Connect “${title(node)}” to`} placeholder="A node of this playbook" find={find} onClose={onClose} nothing={() => "There is nothing to connect to: add a node first."} onPick={({ id }) => {
      const [port, to] = JSON.parse(id) as [string, string];
      onClose();
      edit(connectLabel(store.getState(), { from: node, to }), connect(store.getState().draft, { from: node, port, to }));
    }} />
  );
}

function RenameDialog({ node, onClose }: { node: string; onClose(): void }) {
  const store = useEditorStore();
  const { edit, select } = useActions();
  const [to, setTo] = useState(node);
  const trouble = refuseId(store.getState().draft, node, to);
  const rename = () => {
    onClose();
    if (edit(`Change the id ${node} to ${to}`, renameNode(store.getState().draft, node, to))) select({ nodes: [to] });
  };
  return (
    <Dialog open onOpenChange={onClose} title="Change the id" description="Expressions and code read this node as steps.<id>. Where they name it, they are rewritten.">
      <form className="flex flex-col gap-3" onSubmit={(event) => { event.preventDefault(); if (trouble === undefined && to !== node) rename(); }}>
        <TextField label="Id" value={to} onChange={(event) => setTo(event.target.value)} error={trouble} className="font-mono" autoComplete="off" spellCheck={false} maxLength={63} />
        <div className="flex justify-end gap-2"><Button onClick={onClose}>Back</Button><Button type="submit" variant="primary" reason={to === node ? "It is the same id" : trouble}>Change</Button></div>
      </form>
    </Dialog>
  );
}
