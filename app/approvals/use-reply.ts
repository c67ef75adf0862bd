import { useFetcher } from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { ApprovalWire } from "#app/models/wire.ts";
import { useReason, useUserRole } from "#app/shell/permission.ts";
import type { Outcome } from "#app/shell/outcome.server.ts";
import { useToast } from "#app/ui/toast.tsx";

/** Where all of them are answered, wherever they are shown. */
export const ANSWER_ACTION = "/approvals";

export interface ReplyFields { choice?: string | null; values?: Record<string, unknown>; reason?: string }

/**
 * Answers one approval or question. The word of success comes as soon as the answer is in: what was answered disappears with the next
 * load of the page, and this with it.
 */
export function useReply(approval: ApprovalWire) {
  const fetcher = useFetcher<Outcome>();
  const toast = useToast();
  const told = useRef<Outcome>();
  const outcome = fetcher.data;

  useEffect(() => {
    if (outcome === undefined || told.current === outcome) return;
    told.current = outcome;
    if (outcome.ok && outcome.message) toast(outcome.message);
  }, [outcome, toast]);

  const send = ({ choice = null, values = {}, reason = "" }: ReplyFields) =>
    fetcher.submit(
      { intent: "reply", run_id: approval.run.id, wait_id: approval.id, ...(choice === null ? {} : { choice }), values: JSON.stringify(values), reason },
      { method: "post", action: ANSWER_ACTION },
    );
  const errors: Record<string, string> = (outcome?.ok === false && fetcher.state === "idle" && outcome.errors) || {};
  return { send, busy: fetcher.state !== "idle" || outcome?.ok === true, errors };
}

/** Why the signed-in user cannot answer it; undefined when they can. The server decides again. */
export function useWhyNot({ roles }: Pick<ApprovalWire, "roles">): string | undefined {
  const lacks = useReason()("playbooks:execute");
  const role = useUserRole();
  if (lacks !== undefined) return lacks;
  return roles === null || (role !== undefined && roles.includes(role)) ? undefined : `Only ${roles.join(" or ")} may answer this; your role is ${role ?? "none"}`;
}
