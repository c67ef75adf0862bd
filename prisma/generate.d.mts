/** @returns whether it had to generate. */
export function generateClient(): boolean;
