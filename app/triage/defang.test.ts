import { expect, it } from "vitest";
import { defang } from "./defang.ts";

it.each([
  ["https://evil.example/a.b", "hxxps[:]//evil[.]example/a[.]b"],
  ["203.0.113.7", "203[.]0[.]113[.]7"],
  ["a@b.example", "a[@]b[.]example"],
  ["d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"],
])("%s becomes %s", (value, expected) => expect(defang(value)).toBe(expected));
