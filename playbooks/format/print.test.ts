import { expect, test } from "vitest";
import { parseDocument, printDocument, printLayout } from "./index.ts";

const document = parseDocument({
  edges: [{ to: "a", from: "trigger", id: "e1" }],
  nodes: [{ input: { z: { value: { b: 1, a: [{ d: 1, c: 2 }] } }, a: { expr: "1" } }, type: "core.set", id: "a", onFailure: "fail", title: "A" }],
  name: "Print", format: 1,
});

test("keys have one order, defaults are left out, the file ends with a newline", () => {
  expect(printDocument(document)).toBe(`{
  "format": 1,
  "name": "Print",
  "trigger": { "on": "alert", "source": "webhook", "moment": "ingested", "order": 1000 },
  "nodes": [
    {
      "id": "a",
      "type": "core.set",
      "title": "A",
      "input": { "a": { "expr": "1" }, "z": { "value": { "a": [{ "c": 2, "d": 1 }], "b": 1 } } }
    }
  ],
  "edges": [
    { "id": "e1", "from": "trigger", "port": "out", "to": "a" }
  ]
}
`);
});

test("what is printed is read back as the same document, and printed the same", () => {
  const again = parseDocument(JSON.parse(printDocument(document)));
  expect(again).toEqual(document);
  expect(printDocument(again)).toBe(printDocument(document));
});

test("a trigger of every kind has its keys in their order, without defaults", () => {
  const trigger = {
    form: [{ required: true, type: "choice", choices: ["b", "a"], name: "what", label: "What" }, { type: "boolean", name: "really", required: false, default: true }],
    webhook: { within: 10, respond: "result" }, schedule: { timezone: "UTC", cron: "0 6 * * *", catchUp: false }, playbooks: ["b", "a"], on: "schedule",
  };
  const printed = printDocument(parseDocument({ format: 1, name: "T", trigger, onRunFailed: "sorry", nodes: [], edges: [] }));
  expect(printed).toBe(`{
  "format": 1,
  "name": "T",
  "trigger": {
    "on": "schedule",
    "source": "webhook",
    "moment": "ingested",
    "schedule": { "cron": "0 6 * * *", "catchUp": false },
    "webhook": { "respond": "result" },
    "form": [
      { "name": "what", "label": "What", "type": "choice", "choices": ["b", "a"], "required": true },
      { "name": "really", "type": "boolean", "default": true }
    ],
    "playbooks": ["b", "a"],
    "order": 1000
  },
  "onRunFailed": "sorry",
  "nodes": [],
  "edges": []
}
`);
  expect(printDocument(parseDocument(JSON.parse(printed)))).toBe(printed);
});

test("a position is a line, so that moving a box changes one", () => {
  expect(printLayout({ positions: { b: { y: 2, x: 1 }, a: { x: 0, y: 0 } } })).toBe('{\n  "positions": {\n    "a": { "x": 0, "y": 0 },\n    "b": { "x": 1, "y": 2 }\n  }\n}\n');
});
