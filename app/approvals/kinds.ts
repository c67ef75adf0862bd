/** What a person is asked: may this be done, a question of the playbook, or whether a call has happened. */
export const APPROVAL_KINDS = ["approval", "question", "decision"] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** How it came to an end: by a person, by its time, because its run (or iteration) ended, or because the answer of the call arrived late. */
export const APPROVAL_OUTCOMES = ["answered", "timed_out", "withdrawn", "receipt"] as const;
export type ApprovalOutcome = (typeof APPROVAL_OUTCOMES)[number];
