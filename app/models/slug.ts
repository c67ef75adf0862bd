import { isUuid } from "./page.ts";

const MAX_LENGTH = 63;
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const SLUG_RULE = `a slug holds lower-case letters, digits and hyphens (at most ${MAX_LENGTH})`;

/** A slug that looks like an id would be read as one. */
export const isSlug = (text: string): boolean => SLUG.test(text) && !isUuid(text);

/** "Isolate host (v2)" → "isolate-host-v2"; with a number, "…-2". A name without a Latin letter or digit is a "playbook". */
export function slugFrom(name: string, number = 1): string {
  const suffix = number === 1 ? "" : `-${number}`;
  const words = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const slug = words.replace(/^-+/, "").slice(0, MAX_LENGTH - suffix.length).replace(/-+$/, "");
  return `${slug === "" || isUuid(slug) ? "playbook" : slug}${suffix}`;
}
