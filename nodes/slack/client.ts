/** Slack's Web API (a bot token) and incoming webhooks: https://docs.slack.dev */
import { z } from "zod";
import { Failure, type FailureKind, type Http, type HttpResponse } from "#sdk";

export interface SlackMessage {
  /** Shown in notifications and where blocks are not. */
  text: string;
  blocks?: object[];
}

export interface Slack {
  /** Which way messages go: a webhook posts to the one channel it was made for. */
  via: "token" | "webhook";
  /** @returns channel and time stamp, which webhooks do not tell. @throws Failure */
  post(message: SlackMessage, channel: string | undefined): Promise<{ channel: string | null; ts: string | null }>;
  /** Who the token is. @throws Failure; `rejected` for a webhook, which has no identity. */
  whoAmI(): Promise<{ team: string; user: string }>;
}

export interface SlackSettings {
  bot_token?: string | undefined;
  webhook_url?: string | undefined;
  default_channel?: string | undefined;
  api_url: string;
}

const answer = z.looseObject({ ok: z.boolean(), error: z.string().optional(), needed: z.string().optional() });
const posted = z.looseObject({ channel: z.string().nullable().catch(null), ts: z.string().nullable().catch(null) });
const identity = z.looseObject({ team: z.string().catch("?"), user: z.string().catch("?") });

/** Slack's error codes by what they mean for a step; every other code is a plain no. */
const KINDS: Record<string, FailureKind> = {
  invalid_auth: "unauthorized", not_authed: "unauthorized", account_inactive: "unauthorized", token_revoked: "unauthorized", token_expired: "unauthorized",
  no_permission: "unauthorized", missing_scope: "unauthorized", not_allowed_token_type: "unauthorized", org_login_required: "unauthorized", ekm_access_denied: "unauthorized",
  team_access_not_granted: "unauthorized", access_denied: "unauthorized", two_factor_setup_required: "unauthorized", invalid_token: "unauthorized", team_disabled: "unauthorized",
  no_service: "unauthorized", no_service_id: "unauthorized", no_team: "unauthorized", no_active_hooks: "unauthorized",
  ratelimited: "rate-limited", rate_limited: "rate-limited", message_limit_exceeded: "rate-limited",
  service_unavailable: "unavailable", request_timeout: "unavailable", team_added_to_org: "unavailable", accesslimited: "unavailable",
  // Slack documents both as "some aspect of the operation may have succeeded".
  internal_error: "ambiguous", fatal_error: "ambiguous", rollup_error: "ambiguous",
  no_text: "invalid-input", msg_too_long: "invalid-input", msg_blocks_too_long: "invalid-input", invalid_blocks: "invalid-input", invalid_blocks_format: "invalid-input", invalid_payload: "invalid-input", too_many_attachments: "invalid-input",
};

const HINTS: Record<string, string> = {
  not_in_channel: "invite the bot to the channel first",
  channel_not_found: "the channel does not exist, or the bot cannot see it",
  is_archived: "the channel is archived",
  channel_is_archived: "the channel is archived",
  invalid_auth: "the token is not valid",
  token_revoked: "the token was revoked",
  missing_scope: "the token lacks a permission",
  no_service: "the webhook was removed",
  invalid_token: "the webhook address is not valid",
};

export function createSlack(http: Http, settings: SlackSettings): Slack {
  const { bot_token, webhook_url, api_url } = settings;

  async function call(method: string, body: object): Promise<z.infer<typeof answer>> {
    const response = await http.request({
      url: `${api_url.replace(/\/+$/, "")}/${method}`,
      method: "POST",
      headers: { authorization: `Bearer ${bot_token ?? ""}`, "content-type": "application/json; charset=utf-8" },
      body,
    });
    const parsed = answer.safeParse(jsonOf(response));
    if (parsed.success && !parsed.data.ok) throw failureOf(parsed.data.error ?? "unknown_error", response, parsed.data.needed);
    response.expectOk();
    if (!parsed.success) throw new Failure("ambiguous", "Slack answered in a form that is not its API's", { details: { status: response.status } });
    return parsed.data;
  }

  async function postToWebhook(url: string, message: SlackMessage): Promise<void> {
    const response = await http.request({ url, method: "POST", body: message });
    if (response.status === 200) return;
    // Webhooks answer with a bare error code.
    const code = response.text.trim();
    if (response.status < 500 && response.status !== 429 && /^[a-z_]{1,60}$/.test(code)) throw failureOf(code, response);
    response.expectOk();
  }

  return {
    via: bot_token ? "token" : "webhook",
    async post(message, wanted) {
      if (!bot_token) {
        if (wanted !== undefined) throw new Failure("invalid-input", "a Slack webhook posts to the channel it was made for: leave the channel empty, or use a bot token");
        await postToWebhook(webhook_url ?? "", message);
        return { channel: null, ts: null };
      }
      const channel = wanted ?? settings.default_channel;
      if (channel === undefined) throw new Failure("invalid-input", "no channel: give one here, or a default channel in the Slack connection");
      return posted.parse(await call("chat.postMessage", { channel, ...message, unfurl_links: false, unfurl_media: false }));
    },
    async whoAmI() {
      if (!bot_token) throw new Failure("rejected", "a webhook has no identity");
      return identity.parse(await call("auth.test", {}));
    },
  };
}

function failureOf(code: string, response: HttpResponse, needed?: string): Failure {
  const hint = HINTS[code];
  const retryAfter = Number(response.headers["retry-after"]);
  return new Failure(KINDS[code] ?? "rejected", `Slack says ${code}${hint ? `: ${hint}` : ""}${needed ? ` (${needed})` : ""}`, {
    details: { status: response.status, error: code, ...(needed ? { needed } : {}) },
    ...(Number.isFinite(retryAfter) && response.headers["retry-after"] !== undefined ? { retryAfter } : {}),
  });
}

function jsonOf(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    return undefined;
  }
}
