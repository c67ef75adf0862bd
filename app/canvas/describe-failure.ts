/** The six kinds of failure (nodes/sdk) and the engine's own, as a sentence's beginning. The message follows as it is. */
const KINDS: Record<string, string> = {
  "invalid-input": "The input was not usable",
  unauthorized: "Credentials are missing or were refused",
  rejected: "The request was refused",
  "rate-limited": "The other side asked to slow down",
  unavailable: "The other side could not be reached",
  ambiguous: "Nobody knows whether it happened",
  cancelled: "It was stopped",
};

export const failureWords = (kind: string): string => KINDS[kind] ?? "It failed";
