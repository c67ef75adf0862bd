import { expect, it } from "vitest";
import { nextTimes } from "#format";
import { cronWords, PRESETS } from "./schedule-words.ts";
import { triggerWords } from "./trigger-kinds.ts";

const any = { source: "webhook", moment: "ingested" };

it.each<[Parameters<typeof triggerWords>[0], string]>([
  [{ ...any, on: "alert" }, "Any alert, once ingested"],
  [{ on: "alert", source: "wazuh.alert", moment: "enriched" }, "Alerts of wazuh, once enriched"],
  [{ ...any, on: "manual" }, "Started by hand"],
  [{ ...any, on: "schedule", schedule: { cron: "0 8 * * 1-5", timezone: "Europe/Berlin" } }, "On weekdays at 08:00, Berlin"],
  [{ ...any, on: "schedule" }, "A schedule without times"],
  [{ ...any, on: "run-failed" }, "Failed runs of any playbook"],
  [{ ...any, on: "run-failed", playbooks: ["a", "b"] }, "Failed runs of a, b"],
  [{ ...any, on: "webhook" }, "Its own webhook"],
])("says what starts a playbook: %o", (trigger, words) => expect(triggerWords(trigger)).toBe(words));

it.each([
  ["* * * * *", "every minute"], ["*/15 * * * *", "every 15 minutes"], ["*/7 * * * *", "*/7 * * * *"], ["0 * * * *", "every hour"], ["5 * * * *", "every hour, 5 minutes past"],
  ["0 6 * * *", "every day at 06:00"], ["30 17 * * 1-5", "on weekdays at 17:30"], ["0 8 * * 7", "on Sundays at 08:00"], ["0 6 1 * *", "on the first of each month at 06:00"],
  ["0 6 1 1 *", "0 6 1 1 *"], ["0,30 8 * * *", "0,30 8 * * *"], ["0 8 * * mon", "0 8 * * mon"], ["", ""],
])("%s is %s", (cron, words) => expect(cronWords(cron)).toBe(words));

it("the times that are offered are times", () => {
  for (const cron of PRESETS) expect([cron, nextTimes({ cron, timezone: "UTC" }, new Date(), 3).length, cronWords(cron) === cron]).toEqual([cron, 3, false]);
});
