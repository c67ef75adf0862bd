import { useFetcher } from "@remix-run/react";
import { useReason } from "#app/shell/permission.ts";
import { Switch } from "#app/ui/field.tsx";

/** Shows the wanted state while it is on its way. */
export function EnabledSwitch({ slug, name, enabled }: { slug: string; name: string; enabled: boolean }) {
  const fetcher = useFetcher();
  const reason = useReason()("playbooks:manage");
  const wanted = fetcher.formData?.get("enabled");
  return (
    <Switch
      checked={wanted === undefined || wanted === null ? enabled : wanted === "true"}
      label={`${name} enabled`}
      reason={reason}
      onChange={(next) => fetcher.submit({ intent: "enable", enabled: String(next) }, { method: "post", action: `/playbooks/${slug}` })}
    />
  );
}
