/** Monaco in the product's colours (app/ui/tokens.css), light and dark, following the page. */
import type { Monaco } from "./load-monaco.ts";

const NAMES = { light: "playgraph-light", dark: "playgraph-dark" } as const;
type Scheme = keyof typeof NAMES;

/** Monaco's names → our tokens; a number is an opacity. */
const COLOURS: Record<string, string | readonly [token: string, opacity: number]> = {
  "editor.background": "surface",
  "editor.foreground": "text",
  "editorLineNumber.foreground": "text-3",
  "editorLineNumber.activeForeground": "text-2",
  "editorCursor.foreground": "accent",
  "editor.selectionBackground": ["accent", 0.28],
  "editor.inactiveSelectionBackground": ["accent", 0.16],
  "editor.lineHighlightBackground": "hover",
  "editor.lineHighlightBorder": ["hover", 0],
  "editor.wordHighlightBackground": ["accent", 0.16],
  "editor.wordHighlightStrongBackground": ["accent", 0.24],
  "editor.findMatchBackground": ["yellow-fill", 0.5],
  "editor.findMatchHighlightBackground": ["yellow-fill", 0.25],
  "editorBracketMatch.background": ["accent", 0.16],
  "editorBracketMatch.border": ["accent", 0.5],
  "editorBracketHighlight.foreground1": "text-2",
  "editorBracketHighlight.foreground2": "text-2",
  "editorBracketHighlight.foreground3": "text-2",
  "editorBracketHighlight.unexpectedBracket.foreground": "red",
  "editorIndentGuide.background1": "line",
  "editorIndentGuide.activeBackground1": "line-strong",
  "editorGutter.background": "surface",
  "editorError.foreground": "red-fill",
  "editorWarning.foreground": "yellow-fill",
  "editorInfo.foreground": "blue-fill",
  "editorHint.foreground": "gray-fill",
  "editorWidget.background": "raised",
  "editorWidget.foreground": "text",
  "editorWidget.border": "line-strong",
  "editorHoverWidget.background": "raised",
  "editorHoverWidget.border": "line-strong",
  "editorSuggestWidget.background": "raised",
  "editorSuggestWidget.border": "line-strong",
  "editorSuggestWidget.foreground": "text",
  "editorSuggestWidget.selectedBackground": "selected",
  "editorSuggestWidget.selectedForeground": "text",
  "editorSuggestWidget.highlightForeground": "accent",
  "editorSuggestWidget.focusHighlightForeground": "accent",
  "editorStickyScroll.background": "surface",
  "editorStickyScrollHover.background": "hover",
  "list.hoverBackground": "hover",
  "list.focusBackground": "selected",
  "list.activeSelectionBackground": "selected",
  "list.activeSelectionForeground": "text",
  "input.background": "surface",
  "input.foreground": "text",
  "input.border": "line-strong",
  "inputOption.activeBackground": "selected",
  "focusBorder": "focus",
  "widget.shadow": "scrim",
  "peekView.border": "line-strong",
  "peekViewEditor.background": "canvas",
  "peekViewEditorGutter.background": "canvas",
  "peekViewResult.background": "surface",
  "peekViewResult.fileForeground": "text",
  "peekViewResult.lineForeground": "text-2",
  "peekViewResult.selectionBackground": "selected",
  "peekViewResult.selectionForeground": "text",
  "peekViewTitle.background": "raised",
  "peekViewTitleLabel.foreground": "text",
  "peekViewTitleDescription.foreground": "text-2",
  "scrollbarSlider.background": ["gray-fill", 0.3],
  "scrollbarSlider.hoverBackground": ["gray-fill", 0.45],
  "scrollbarSlider.activeBackground": ["gray-fill", 0.6],
  "textLink.foreground": "accent",
  "textCodeBlock.background": "hover",
};

/** As app/ui/code-view.tsx colours source that is only read. */
const TOKENS: Record<string, string> = { "": "text", comment: "text-3", string: "green", number: "blue", keyword: "violet", "type.identifier": "cyan", regexp: "orange", delimiter: "text-2" };

const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

const currentScheme = (): Scheme => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || chosen === "light" ? chosen : dark().matches ? "dark" : "light";
};

export function chooseTheme(monaco: Monaco): void {
  for (const scheme of ["light", "dark"] as const) {
    const colourOf = readTokens(scheme);
    monaco.editor.defineTheme(NAMES[scheme], {
      base: scheme === "dark" ? "vs-dark" : "vs",
      inherit: true,
      rules: Object.entries(TOKENS).map(([token, name]) => ({ token, foreground: colourOf(name).slice(1, 7) })),
      colors: Object.fromEntries(Object.entries(COLOURS).map(([name, token]) => [name, typeof token === "string" ? colourOf(token) : colourOf(...token)])),
    });
  }
  const follow = (): void => monaco.editor.setTheme(NAMES[currentScheme()]);
  follow();
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark().addEventListener("change", follow);
}

/** Tokens are `light-dark(…)`: an element of the wanted scheme says what they are there. */
function readTokens(scheme: Scheme): (token: string, opacity?: number) => string {
  const probe = document.createElement("i");
  probe.style.colorScheme = scheme;
  // Who wants less motion has the shortest of transitions on everything, and a colour that is read on its way is the one before.
  probe.style.setProperty("transition", "none", "important");
  document.body.append(probe);
  const read = new Map<string, string>();
  for (const token of [...Object.values(COLOURS).map((value) => (typeof value === "string" ? value : value[0])), ...Object.values(TOKENS)]) {
    probe.style.color = `var(--${token})`;
    read.set(token, getComputedStyle(probe).color);
  }
  probe.remove();
  return (token, opacity) => toHex(read.get(token) ?? "", opacity);
}

/** `rgb(1 2 3 / 0.5)` or `rgba(1, 2, 3, 0.5)` as #rrggbbaa, which is what Monaco takes. */
export function toHex(colour: string, opacity?: number): string {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const byte = (value: number): string => Math.round(value).toString(16).padStart(2, "0");
  return `#${byte(red)}${byte(green)}${byte(blue)}${byte((opacity ?? alpha) * 255)}`;
}
