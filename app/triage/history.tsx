import { Link } from "@remix-run/react";
import { Bot, KeyRound, MonitorCog, UserRound } from "lucide-react";
import type { AlertEventWire } from "#app/models/wire.ts";
import { useReason } from "#app/shell/permission.ts";
import { useOutcome } from "#app/shell/use-outcome.ts";
import { Button } from "#app/ui/button.tsx";
import { TextArea } from "#app/ui/field.tsx";
import { Panel } from "#app/ui/panel.tsx";
import { Time } from "#app/ui/time.tsx";
import { useCallback, useRef } from "react";
import { actorName, commentOf, describeEvent } from "./describe-event.ts";

const ICONS = { user: UserRound, api_key: KeyRound, step: Bot, system: MonitorCog };

/** Who, or which step of which run, did what; newest first. Every automated entry leads to its step on the run's canvas. */
export function History({ events }: { events: AlertEventWire[] }) {
  return (
    <Panel title="History">
      <CommentBox />
      <ol className="mt-3 flex flex-col gap-2.5">
        {events.map((event) => {
          const Icon = ICONS[event.actor.kind];
          const comment = commentOf(event);
          return (
            <li key={event.id} className="flex gap-2.5">
              <span aria-hidden className="mt-0.5 grid size-5 shrink-0 place-items-center rounded-full bg-hover text-fg-3"><Icon className="size-3" /></span>
              <div className="min-w-0 flex-1">
                <p className="break-words">
                  <span className="font-medium">{actorName(event)}</span> <span className="text-fg-2">{describeEvent(event)}</span>
                  {event.run_id !== null && event.step_id !== null && (
                    <> · <Link to={`/runs/${event.run_id}?step=${event.step_id}`} className="link">{event.node_id ?? "see step"}</Link></>
                  )}
                  <span className="ml-2 text-xs text-fg-3"><Time at={event.at} suffix=" ago" /></span>
                </p>
                {comment !== null && <p className="mt-1 rounded-md border border-line bg-canvas px-2.5 py-1.5 break-words whitespace-pre-wrap">{comment}</p>}
              </div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function CommentBox() {
  const form = useRef<HTMLFormElement>(null);
  const { fetcher, busy, errors } = useOutcome(useCallback(() => form.current?.reset(), []));
  const reason = useReason()("alerts:update");
  return (
    <fetcher.Form ref={form} method="post" className="flex items-end gap-2">
      <input type="hidden" name="intent" value="comment" />
      <div className="min-w-0 flex-1">
        <TextArea
          label="Comment" hideLabel name="text" rows={1} required maxLength={10_000} placeholder="Add a comment" className="!min-h-8" error={errors["text"] ?? errors[""]}
          onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.currentTarget.form?.requestSubmit()}
        />
      </div>
      <Button type="submit" busy={busy} reason={reason} className="h-8">Comment</Button>
    </fetcher.Form>
  );
}
