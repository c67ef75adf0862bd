/** The only door of the alert domain, for web and worker: ingestion, a step's access to alerts, and the rules both share. */
export { type Accepted, type Ingest, type IngestItem, createIngest } from "./ingest.ts";
export { IngestError } from "./parse.ts";
export {
  ALERT_STATUSES, type AlertStatus, DETERMINATIONS, type Determination, RISK_LABELS, type RiskLabel, type Transition, type TransitionRequest,
  coarseStatus, isAlertStatus, isDetermination, isFinished, nextStatuses, riskLabel, transition,
} from "./lifecycle.ts";
export { ALERT_VIEW_COLUMNS, type AlertViewRow, toAlertView } from "./view.ts";
export { type Explained, type Explanation, type TriggerSubject, type Triggered, explain, matchPlaybooks } from "./triggers.ts";
export { GENERIC_SOURCE, type Normalized, normalize } from "./normalize.ts";
export { type PreviewRequest, previewAlert } from "./preview.ts";
export { type Iocs, extractObservables } from "./observables/extract.ts";
export { isInternalAddress, isInternalUrl } from "./observables/addresses.ts";
export { type RecordsRequest, createRecords } from "./records.ts";
