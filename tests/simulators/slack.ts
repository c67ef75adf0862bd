/** Slack as published: chat.postMessage, auth.test and incoming webhooks (https://docs.slack.dev/reference/methods). */
import { type Simulator, startSimulator } from "./server.ts";

export interface SlackSimulator extends Simulator {
  /** For the connection's `api_url`. */
  apiUrl: string;
  token: string;
  /** For the connection's `webhook_url`. */
  webhookUrl: string;
  /** Messages that arrived, in order; `channel` is null for the webhook. */
  messages: { channel: string | null; text: string; blocks?: unknown[] }[];
}

const CHANNELS: Record<string, string> = { "#alerts": "C024BE91L", "#soc": "C061EG9SL" };
const WEBHOOK_PATH = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";

export async function startSlack({ token = ["xoxb", "000000000000", "simulated"].join("-") }: { token?: string } = {}): Promise<SlackSimulator> {
  const messages: SlackSimulator["messages"] = [];
  const simulator = await startSimulator(({ method, path, headers, body }) => {
    if (path.startsWith("/services/")) {
      if (path !== WEBHOOK_PATH) return { status: 404, body: "no_service" };
      const message = parse(body);
      if (!message) return { status: 400, body: "invalid_payload" };
      if (typeof message["text"] !== "string" || message["text"] === "") return { status: 400, body: "no_text" };
      messages.push({ channel: null, text: message["text"], ...(Array.isArray(message["blocks"]) ? { blocks: message["blocks"] } : {}) });
      return { body: "ok" };
    }
    if (method !== "POST" || !path.startsWith("/api/")) return { status: 404, body: "not found" };
    const authorization = headers["authorization"];
    if (authorization === undefined) return { body: { ok: false, error: "not_authed" } };
    if (authorization !== `Bearer ${token}`) return { body: { ok: false, error: "invalid_auth" } };
    const given = parse(body) ?? {};
    switch (path) {
      case "/api/auth.test":
        return { body: { ok: true, url: "https://soc.slack.com/", team: "SOC", user: "playgraph", team_id: "T12345678", user_id: "W12345678", bot_id: "BABCDEFGH" } };
      case "/api/chat.postMessage": {
        const channel = CHANNELS[String(given["channel"])] ?? Object.values(CHANNELS).find((id) => id === given["channel"]);
        if (!channel) return { body: { ok: false, error: "channel_not_found" } };
        if (!given["text"] && !given["blocks"]) return { body: { ok: false, error: "no_text" } };
        messages.push({ channel, text: String(given["text"] ?? ""), ...(Array.isArray(given["blocks"]) ? { blocks: given["blocks"] } : {}) });
        return { body: { ok: true, channel, ts: `1772366400.${String(messages.length).padStart(6, "0")}`, message: { text: given["text"], type: "message" } } };
      }
      default:
        return { body: { ok: false, error: "unknown_method" } };
    }
  });
  return { ...simulator, token, messages, apiUrl: `${simulator.url}/api`, webhookUrl: `${simulator.url}${WEBHOOK_PATH}` };
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
