/** "false_positive" → "False positive": values of the data as people read them, also those that this program does not know. */
export const words = (name: string): string => {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
