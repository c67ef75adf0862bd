import { defineSource } from "#sdk";

/** Any JSON object: nothing is mapped here, so the engine's generic rules (R27–R36, R47) give every field. */
export const genericSource = defineSource({
  id: "generic",
  title: "Generic JSON",
  // Never by shape: what no other source recognises falls to the generic rules anyway.
  detect: () => 0,
  map: () => ({}),
});
