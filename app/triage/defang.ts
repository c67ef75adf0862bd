/** An indicator written so that nothing opens it by accident: hxxps://evil[.]example, 203[.]0[.]113[.]7. */
export const defang = (value: string): string => value.replace(/^http/i, "hxxp").replaceAll("://", "[:]//").replaceAll(".", "[.]").replaceAll("@", "[@]");
