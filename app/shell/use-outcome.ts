import { useFetcher, useNavigate } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useToast } from "#app/ui/toast.tsx";
import type { Outcome } from "./outcome.server.ts";

/** A form that stays on its page: what the server said goes to the fields, a word of success to a toast, and a page it names is gone to. */
export function useOutcome(onDone?: () => void) {
  const fetcher = useFetcher<Outcome>();
  const toast = useToast();
  const navigate = useNavigate();
  const seen = useRef<Outcome>();
  const outcome = fetcher.data;

  useEffect(() => {
    if (outcome === undefined || seen.current === outcome || fetcher.state !== "idle") return;
    seen.current = outcome;
    if (outcome.ok) {
      if (outcome.message) toast(outcome.message);
      onDone?.();
      if (outcome.to) navigate(outcome.to);
    }
  }, [outcome, fetcher.state, toast, onDone, navigate]);

  return { fetcher, busy: fetcher.state !== "idle", errors: (outcome?.ok === false && fetcher.state === "idle" && outcome.errors) || {} };
}
