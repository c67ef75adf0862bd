import { useState } from "react";

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string };

/**
 * Text that stands for a value while it is being typed: "1." and "{" are on the way to one. The value decides as soon as it changes by
 * anything else (undo, another control), so that a field never shows what is no longer so.
 */
export function useTyped<T>(value: T, print: (value: T) => string, parse: (text: string) => Parsed<T>, onChange: (value: T) => void): { text: string; error: string | undefined; type(text: string): void } {
  const key = JSON.stringify(value);
  const [typed, setTyped] = useState<{ text: string; key: string | undefined }>();
  const text = typed !== undefined && typed.key === key ? typed.text : print(value);
  const parsed = parse(text);
  return {
    text,
    error: parsed.ok ? undefined : parsed.message,
    type(next) {
      const result = parse(next);
      setTyped({ text: next, key: result.ok ? JSON.stringify(result.value) : key });
      if (result.ok && JSON.stringify(result.value) !== key) onChange(result.value);
    },
  };
}
