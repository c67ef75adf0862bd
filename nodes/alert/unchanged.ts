import type { AlertView } from "#sdk";

/** For stand-ins: the alert that a call would have been about, where it is the run's own. What the call leaves alone stays as it is there. */
export const unchanged = (alertId: string | null | undefined, alert: AlertView | null | undefined): AlertView | undefined =>
  alert && (alertId === null || alertId === undefined || alertId === alert.id) ? alert : undefined;
