/** The alert that a payload would become, by the rules of ingestion, with nothing stored: what a test of a pasted payload runs on. */
import type { AlertView, SourceDefinition } from "#sdk";
import type { Payload } from "#sdk/source.ts";
import { uuidv7 } from "../ids.ts";
import { normalize } from "./normalize.ts";
import { extractObservables } from "./observables/extract.ts";
import { parsePayload } from "./parse.ts";
import { newAlertView } from "./view.ts";

export interface PreviewRequest {
  /** As a person pasted it. */
  text: string;
  sources: readonly SourceDefinition[];
  /** Null recognises it. */
  sourceHint: string | null;
}

/** @throws IngestError for what ingestion would refuse */
export function previewAlert({ text, sources, sourceHint }: PreviewRequest): { alert: AlertView; payload: Payload } {
  const payload = parsePayload(Buffer.from(text), "the payload");
  const { alert, source } = normalize({ payload, sources, sourceHint });
  const { iocs } = extractObservables(payload, source?.notObservable);
  return { alert: newAlertView({ id: uuidv7(), correlationId: uuidv7(), alert, iocs, duplicateCount: 1 }), payload };
}
