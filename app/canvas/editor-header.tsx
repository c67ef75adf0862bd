import { Link } from "@remix-run/react";
import clsx from "clsx";
import { ChevronRight, CircleAlert, CircleCheck, EllipsisVertical, FlaskConical, ListChecks, Plus, Redo2, TriangleAlert, Undo2, Upload } from "lucide-react";
import { useMemo, useState, type CSSProperties } from "react";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Menu, MenuItem } from "#app/ui/menu.tsx";
import { isOffered } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { caps } from "./commands/keys.ts";
import { downloadDraft } from "./download-draft.ts";
import { draftWords } from "./draft-state.ts";
import { useActions, useEditor, useEditorStore } from "./editor-context.tsx";
import { useEditorHandle } from "./editor-view.tsx";
import { SaveMark } from "./save-mark.tsx";
import { isMac } from "./use-shortcuts.ts";

/** What is edited, how it stands, and what one can do with all of it. */
export function EditorHeader() {
  const { undo, redo, set } = useActions();
  const undoable = useEditor(({ history }) => history.undo.at(-1)?.label);
  const redoable = useEditor(({ history }) => history.redo.at(-1)?.label);
  const readOnly = useEditor((state) => state.data.readOnly ?? undefined);
  const slug = useEditor((state) => state.data.playbook.slug);
  const panel = useEditor((state) => state.panel);
  return (
    <header className="flex min-h-12 items-center gap-2 border-b border-line bg-surface py-2 pr-3 pl-4">
      <nav aria-label="Breadcrumb" className="flex shrink-0 items-center gap-1 text-fg-3">
        <Link to={`/playbooks/${slug}`} className="hover:text-fg hover:underline">Playbook</Link>
        <ChevronRight aria-hidden className="size-3.5" />
      </nav>
      <PlaybookName />
      <DraftMark />
      <div className="min-w-2 flex-1" />
      <SaveMark />
      <div className="flex shrink-0 items-center">
        <IconButton label={undoable === undefined ? "Nothing to undo" : `Undo: ${undoable} (${caps("Mod+Z", isMac()).join("+")})`} disabled={undoable === undefined} onClick={undo}><Undo2 aria-hidden className="size-4" /></IconButton>
        <IconButton label={redoable === undefined ? "Nothing to do again" : `Do again: ${redoable} (${caps("Mod+Shift+Z", isMac()).join("+")})`} disabled={redoable === undefined} onClick={redo}><Redo2 aria-hidden className="size-4" /></IconButton>
      </div>
      <Button reason={readOnly} onClick={() => set({ palette: {} })}><Plus aria-hidden className="size-3.5" /> Add</Button>
      <ProblemsButton />
      <Button aria-pressed={panel === "test"} className={clsx(panel === "test" && "!bg-selected")} onClick={() => set({ panel: panel === "test" ? null : "test" })}><FlaskConical aria-hidden className="size-3.5" /> Test</Button>
      <Button variant="primary" reason={readOnly} onClick={() => set({ dialog: { is: "publish" } })}><Upload aria-hidden className="size-3.5" /> Publish</Button>
      <MoreMenu />
    </header>
  );
}

/** The name, edited where it stands. */
function PlaybookName() {
  const name = useEditor((state) => state.draft.document.name);
  const readOnly = useEditor((state) => state.data.readOnly !== null);
  const { edit } = useActions();
  const [typed, setTyped] = useState<string | null>(null);
  const done = (next: string | null) => {
    setTyped(null);
    const trimmed = next?.trim() ?? "";
    if (trimmed !== "" && trimmed !== name) edit(`Call the playbook “${trimmed}”`, [{ op: "set-details", changes: { name: trimmed } }]);
  };
  return (
    <div className="flex min-w-24 shrink items-center text-lg font-semibold">
      <h1 className="sr-only">{name}</h1>
      <input
        aria-label="Name of the playbook"
        value={typed ?? name}
        title={name}
        readOnly={readOnly}
        maxLength={100}
        style={{ fieldSizing: "content" } as CSSProperties}
        size={Math.min(40, Math.max(8, (typed ?? name).length))}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => done(typed)}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key !== "Escape") return;
          setTyped(null);
          // Leaving the field would keep what was typed.
          requestAnimationFrame(() => document.getElementById("canvas")?.focus());
        }}
        className={clsx("h-7 max-w-full min-w-16 truncate rounded-md border border-transparent bg-transparent px-1.5", !readOnly && "hover:border-line-strong focus:border-line-strong focus:bg-canvas")}
      />
    </div>
  );
}

function DraftMark() {
  const draft = useEditor((state) => state.draft);
  const published = useEditor((state) => state.published);
  const words = useMemo(() => draftWords({ draft, published }), [draft, published]);
  return <span title={words} className="max-w-52 shrink-0 truncate text-xs text-fg-3">{words}</span>;
}

function ProblemsButton() {
  const problems = useEditor((state) => state.problems);
  const panel = useEditor((state) => state.panel);
  const { set } = useActions();
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const Icon = errors > 0 ? CircleAlert : problems.length > 0 ? TriangleAlert : CircleCheck;
  const words = problems.length === 0 ? "No problems" : `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return (
    <Button aria-pressed={panel === "problems"} aria-label={words} title={words} className={clsx(panel === "problems" && "!bg-selected")} onClick={() => set({ panel: panel === "problems" ? null : "problems" })}>
      <Icon aria-hidden data-tone={errors > 0 ? "red" : problems.length > 0 ? "yellow" : "green"} className="size-3.5 text-tone" /> {problems.length > 0 && problems.length}
    </Button>
  );
}

/** What else can be done with the whole, from the same commands as everywhere. */
function MoreMenu() {
  const store = useEditorStore();
  const editor = useEditorHandle();
  const state = useEditor((current) => current);
  const commands = COMMANDS.filter((command) => (command.group === "View" || command.id === "paste" || command.id === "select-all") && isOffered(command, state));
  return (
    <Menu trigger={<IconButton label="More"><EllipsisVertical aria-hidden className="size-4" /></IconButton>}>
      {commands.map((command) => (
        <MenuItem key={command.id} onSelect={() => requestAnimationFrame(() => void command.run(editor))}>
          <span className="flex-1 pr-4">{command.label}</span>{command.keys && <span className="text-xs text-fg-3">{caps(command.keys[0]!, isMac()).join(" ")}</span>}
        </MenuItem>
      ))}
      <MenuItem onSelect={() => downloadDraft(store)}><span className="flex-1">Download the draft (JSON)</span><ListChecks aria-hidden className="size-3.5 text-fg-3" /></MenuItem>
    </Menu>
  );
}
