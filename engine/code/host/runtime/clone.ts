/** structuredClone for what playbook data is made of. @throws TypeError for functions, symbols and objects with hidden state. */
export function structuredClone(value: unknown): unknown {
  return copy(value, new Map());
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`a ${typeof value} cannot be cloned`);
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(made: T): T => {
    seen.set(value, made);
    return made;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = copy(value.buffer, seen) as ArrayBuffer;
    const Made = value.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => unknown;
    return keep(new Made(buffer, value.byteOffset, value instanceof DataView ? value.byteLength : (value as Uint8Array).length));
  }
  if (value instanceof Map) {
    const made = keep(new Map<unknown, unknown>());
    for (const [key, item] of value) made.set(copy(key, seen), copy(item, seen));
    return made;
  }
  if (value instanceof Set) {
    const made = keep(new Set<unknown>());
    for (const item of value) made.add(copy(item, seen));
    return made;
  }
  if (value instanceof Error) return keep(Object.assign(new Error(value.message), { name: value.name, stack: value.stack }));
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) throw new TypeError("this object cannot be cloned");
  const made = keep<object>(Array.isArray(value) ? new Array(value.length) : {});
  for (const key of Object.keys(value)) {
    Object.defineProperty(made, key, { value: copy((value as Record<string, unknown>)[key], seen), writable: true, enumerable: true, configurable: true });
  }
  return made;
}
