/** How much one playbook may hold: it is read, sent, checked and kept per version as a whole. */
import type { PlaybookDocument } from "#format";
import { Refusal } from "./refusal.ts";

const MAX_FILES_LENGTH = 1_000_000;
/** With the files below what one request may carry (5 MB), so that every draft can be published and pushed. */
const MAX_DOCUMENT_LENGTH = 2_000_000;
const MAX_FILES = 500;

/** @throws Refusal invalid. */
export function refuseTooLarge({ document, files }: { document: PlaybookDocument; files: Readonly<Record<string, string>> }): void {
  const sources = Object.values(files);
  if (sources.length > MAX_FILES) throw new Refusal("invalid", `a playbook has at most ${MAX_FILES} code files`);
  if (sources.reduce((sum, source) => sum + source.length, 0) > MAX_FILES_LENGTH) throw new Refusal("invalid", "the code files of a playbook hold at most 1,000,000 characters together");
  if (JSON.stringify(document).length > MAX_DOCUMENT_LENGTH) throw new Refusal("invalid", "a playbook's document holds at most 2,000,000 characters: keep long texts in code files");
}
