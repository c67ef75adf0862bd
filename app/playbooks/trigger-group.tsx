import clsx from "clsx";
import { ArrowDown, ArrowUp, MoreHorizontal, Plus } from "lucide-react";
import { Button, IconButton } from "#app/ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "#app/ui/menu.tsx";
import { ConditionRow } from "./trigger-row.tsx";
import { addPart, type Group, movePart, negatePart, newGroup, newRow, type Part, type Path, removePart, replacePart, wrapPart } from "./trigger-tree.ts";

export interface BuilderProps {
  root: Group;
  path: Path;
  set(label: string, root: Group, merge?: string): void;
  /** Puts the keyboard on a part, after it has moved. */
  focus(path: Path): void;
}

/** "1.2", as a person counts; the whole is no number. */
export const placeOf = (path: Path): string => path.map((index) => index + 1).join(".");

export function ConditionGroup({ group, ...props }: BuilderProps & { group: Group }) {
  const { root, path, set } = props;
  const isRoot = path.length === 0;
  const name = isRoot ? "conditions" : `group ${placeOf(path)}`;
  return (
    <div role="group" aria-label={isRoot ? "Conditions" : `Group ${placeOf(path)}`} data-path={path.join(".")} className={clsx(!isRoot && "rounded-md border border-line bg-canvas p-2")}>
      <div className="flex items-center gap-1.5">
        {group.not && <NotMark />}
        <div role="radiogroup" aria-label={`How the ${name} combine`} className="flex rounded-md border border-line bg-canvas p-px">
          {(["all", "any"] as const).map((join) => (
            <button
              key={join}
              type="button"
              role="radio"
              aria-checked={group.join === join}
              tabIndex={group.join === join ? 0 : -1}
              onClick={() => group.join !== join && set(`Match ${join} of the ${name}`, replacePart(root, path, { ...group, join }))}
              onKeyDown={(event) => {
                if (!event.key.startsWith("Arrow")) return;
                event.preventDefault();
                set(`Match ${join} of the ${name}`, replacePart(root, path, { ...group, join: join === "all" ? "any" : "all" }));
                event.currentTarget.parentElement?.querySelector<HTMLElement>('[aria-checked="false"]')?.focus();
              }}
              className={clsx("h-5 rounded-[5px] px-1.5 text-2xs", group.join === join ? "bg-raised font-medium text-fg shadow-[0_0_0_1px_var(--line)]" : "text-fg-3 hover:text-fg")}
            >
              {join === "all" ? "All of" : "Any of"}
            </button>
          ))}
        </div>
        {isRoot ? <RootMenu {...props} /> : <span className="ml-auto flex"><PartTools {...props} part={group} name={name} /></span>}
      </div>
      <ul className="mt-2 space-y-1.5">
        {group.parts.map((part, index) => {
          const place = [...path, index];
          return (
            <li key={index} className={clsx(index > 0 && "relative")}>
              {index > 0 && <span aria-hidden className="mb-1.5 block text-2xs text-fg-3 uppercase">{group.join === "all" ? "and" : "or"}</span>}
              {part.kind === "group" ? <ConditionGroup {...props} group={part} path={place} /> : <ConditionRow {...props} row={part} path={place} />}
            </li>
          );
        })}
      </ul>
      {group.parts.length === 0 && <p className="mt-1 text-xs text-fg-3">{group.join === "all" ? "An empty group always holds." : "“Any of” nothing never holds."}</p>}
      <div className="mt-2 flex gap-1">
        <Button size="sm" aria-label={isRoot ? "Add condition" : `Add condition to ${name}`} onClick={() => set("Add a condition", addPart(root, path, newRow()))}><Plus aria-hidden className="size-3" /> Condition</Button>
        <Button size="sm" variant="ghost" aria-label={isRoot ? "Add group" : `Add group to ${name}`} onClick={() => set("Add a group", addPart(root, path, newGroup(group.join === "all" ? "any" : "all")))}><Plus aria-hidden className="size-3" /> Group</Button>
      </div>
    </div>
  );
}

export const NotMark = () => <span data-tone="orange" className="shrink-0 rounded-sm bg-tone-bg px-1.5 text-2xs font-semibold text-tone uppercase">Not</span>;

/** Up, down, negate, group, remove: the same for rows and groups. Alt with an arrow moves, too. */
export function PartTools({ root, path, set, focus, part, name }: BuilderProps & { part: Part; name: string }) {
  const move = (by: -1 | 1) => {
    const moved = movePart(root, path, by);
    if (moved.path === path) return;
    set(`Move ${name}`, moved.root);
    focus(moved.path);
  };
  return (
    <>
      <IconButton label={`Move ${name} up`} data-handle className="!size-6" onClick={() => move(-1)} onKeyDown={(event) => moveByKey(event, move)}><ArrowUp aria-hidden className="size-3.5" /></IconButton>
      <IconButton label={`Move ${name} down`} className="!size-6" onClick={() => move(1)} onKeyDown={(event) => moveByKey(event, move)}><ArrowDown aria-hidden className="size-3.5" /></IconButton>
      <Menu trigger={<IconButton label={`More for ${name}`} className="!size-6"><MoreHorizontal aria-hidden className="size-3.5" /></IconButton>}>
        <MenuItem onSelect={() => set(part.not ? `Do not negate ${name}` : `Negate ${name}`, negatePart(root, path))}>{part.not ? "Without “not”" : "Negate: “not”"}</MenuItem>
        <MenuItem onSelect={() => set(`Group ${name}`, wrapPart(root, path, "any"))}>Put into a group</MenuItem>
        <MenuItem onSelect={() => set(`Duplicate ${name}`, addPart(root, path.slice(0, -1), part))}>Duplicate</MenuItem>
        <MenuLine />
        <MenuItem onSelect={() => set(`Remove ${name}`, removePart(root, path))}>Remove</MenuItem>
      </Menu>
    </>
  );
}

function moveByKey(event: React.KeyboardEvent, move: (by: -1 | 1) => void): void {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  event.stopPropagation();
  move(event.key === "ArrowUp" ? -1 : 1);
}

const RootMenu = ({ root, set }: BuilderProps) => (
  <span className="ml-auto">
    <Menu trigger={<IconButton label="More for the conditions" className="!size-6"><MoreHorizontal aria-hidden className="size-3.5" /></IconButton>}>
      <MenuItem onSelect={() => set("Remove all conditions", removePart(root, []))}>Remove all conditions</MenuItem>
    </Menu>
  </span>
);
