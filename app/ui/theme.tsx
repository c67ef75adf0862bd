import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button.tsx";
import { Menu, MenuItem } from "./menu.tsx";

export type Theme = "dark" | "light" | "system";
const COOKIE = "theme";

/** From a Cookie header; the server renders the attribute, so that no page flashes the other theme. */
export function themeFrom(cookies: string | null): Theme {
  const value = /(?:^|;\s*)theme=(dark|light)(?:;|$)/.exec(cookies ?? "")?.[1];
  return value === "dark" || value === "light" ? value : "system";
}

function apply(theme: Theme) {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    document.cookie = `${COOKIE}=; path=/; max-age=0; samesite=lax`;
  } else {
    document.documentElement.dataset["theme"] = theme;
    document.cookie = `${COOKIE}=${theme}; path=/; max-age=31536000; samesite=lax`;
  }
}

const CHOICES = [["system", "System", Monitor], ["light", "Light", Sun], ["dark", "Dark", Moon]] as const;

export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const Icon = CHOICES.find(([value]) => value === theme)![2];
  return (
    <Menu align="start" trigger={<IconButton label="Theme"><Icon aria-hidden className="size-4" /></IconButton>}>
      {CHOICES.map(([value, label, Choice]) => (
        <MenuItem key={value} onSelect={() => { setTheme(value); apply(value); }}>
          <Choice aria-hidden className="size-4 text-fg-3" /> {label} {theme === value && <span className="ml-auto text-fg-3" aria-label="chosen">✓</span>}
        </MenuItem>
      ))}
    </Menu>
  );
}
