import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { FrameError, FrameReader, FrameWriter, type Message } from "./frames.ts";
import { readFromHost } from "./protocol.ts";

function collect(limit = 10_000_000) {
  const got: [Message, string][] = [];
  return { got, reader: new FrameReader(limit, (message, body) => got.push([message, body])) };
}

async function bytesOf(send: (writer: FrameWriter<Message>) => void): Promise<Buffer> {
  const stream = new PassThrough({ highWaterMark: 1e9 });
  const writer = new FrameWriter(stream);
  send(writer);
  writer.flush();
  stream.end();
  return Buffer.concat(await stream.toArray() as Buffer[]);
}

const frame = (header: string, body = "", headerLength = Buffer.byteLength(header)) => {
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(4 + Buffer.byteLength(header) + Buffer.byteLength(body), 0);
  prefix.writeUInt32BE(headerLength, 4);
  return Buffer.concat([prefix, Buffer.from(header), Buffer.from(body)]);
};

describe("frames", () => {
  it("carry messages and bodies in order, however they are cut", async () => {
    const bytes = await bytesOf((writer) => {
      writer.send({ t: "a" }, "é😀");
      writer.send({ t: "b" });
      writer.flush();
      writer.send({ t: "c" }, "x".repeat(100_000));
    });
    for (const size of [1, 7, 8, 9, 1000, bytes.length]) {
      const { got, reader } = collect();
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(got.map(([{ t }, body]) => [t, body.length])).toEqual([["a", 3], ["b", 0], ["c", 100_000]]);
      expect(got[0]![1]).toBe("é😀");
    }
  });

  it.each([
    ["not JSON", frame("{]")],
    ["not a list", frame("{}")],
    ["a message that is no object", frame("[1]")],
    ["a message without a type", frame("[{}]")],
    ["a body longer than the frame", frame('[{"t":"a","size":5}]', "abc")],
    ["a negative size", frame('[{"t":"a","size":-1}]', "abc")],
    ["bytes left over", frame('[{"t":"a"}]', "abc")],
    ["a header longer than the frame", frame("[]", "", 1000)],
    ["too large a frame", Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ])("refuse %s", (_, bytes) => {
    expect(() => { collect(1000).reader.push(bytes); }).toThrow(FrameError);
  });

  it.each([
    [{ t: "nonsense" }], [{ t: "value", id: "1", logs: [] }], [{ t: "value", id: 1 }], [{ t: "value", id: 1, logs: [{ level: "loud", text: "" }] }],
    [{ t: "fault", id: 1, logs: [], fault: { reason: "because", message: "" } }], [{ t: "fault", id: 1, logs: [], fault: { reason: "throw", message: "", stack: 1 } }],
    [{ t: "fetch", id: 1, request: 1, url: "", method: "", headers: { a: 1 } }], [{ t: "ready", uid: "root" }],
  ])("from the host are checked: %j", (message) => {
    expect(() => readFromHost(message)).toThrow(FrameError);
  });
});
