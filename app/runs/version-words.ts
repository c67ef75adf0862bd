/** Of a run's playbook: a test executes a draft, which has no number. */
export const versionWords = (version: number | null): string => (version === null ? "draft" : `v${version}`);
