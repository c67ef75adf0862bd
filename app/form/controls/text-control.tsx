import { useLayoutEffect, useRef } from "react";
import { boxLook, inputLook } from "#app/ui/field.tsx";
import { attributes, type ControlProps } from "./control.ts";

const MAX_HEIGHT = 280;

/** An emptied field is not set: whoever wants an empty text says so in an expression. Long texts grow as they are typed. */
export function TextControl({ isLong, ...props }: ControlProps & { isLong: boolean }) {
  const text = props.value === undefined || props.value === null ? "" : typeof props.value === "string" ? props.value : JSON.stringify(props.value);
  const shared = { ...attributes(props), value: text, placeholder: props.placeholder, onChange: (event: { target: { value: string } }) => props.onChange(event.target.value === "" ? undefined : event.target.value) };
  return isLong || text.includes("\n") ? <GrowingText {...shared} /> : <input {...shared} autoComplete="off" spellCheck={false} className={inputLook} />;
}

/** A textarea as tall as its text, up to a limit. */
export function GrowingText({ className = "", ...rest }: React.ComponentProps<"textarea">) {
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, MAX_HEIGHT)}px`;
  }, [rest.value]);
  return <textarea ref={box} rows={2} {...rest} className={`${boxLook} block resize-y py-1.5 ${className}`} />;
}
