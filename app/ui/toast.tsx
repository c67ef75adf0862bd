import { X } from "lucide-react";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { Tone } from "./badge.tsx";

interface Message { id: number; text: string; tone: Tone }

const ToastContext = createContext<(text: string, tone?: Tone) => void>(() => {});

/** Says something short that the page itself does not show; gone after 5 s, errors stay until dismissed. */
export const useToast = () => useContext(ToastContext);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const next = useRef(1);
  const dismiss = useCallback((id: number) => setMessages((list) => list.filter((message) => message.id !== id)), []);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => () => timers.current.forEach(clearTimeout), []);

  const show = useCallback((text: string, tone: Tone = "green") => {
    const id = next.current++;
    setMessages((list) => [...list.slice(-3), { id, text, tone }]);
    if (tone !== "red") timers.current.add(setTimeout(() => dismiss(id), 5000));
  }, [dismiss]);

  return (
    <ToastContext.Provider value={show}>
      {children}
      <div role="status" aria-live="polite" className="fixed right-4 bottom-4 z-50 flex w-80 flex-col gap-2">
        {messages.map((message) => (
          <div key={message.id} data-tone={message.tone} className="flex animate-[rise_160ms_ease-out] items-start gap-2 rounded-md bg-raised py-2 pr-1 pl-3 shadow-float">
            <span aria-hidden className="mt-1.5 size-2 shrink-0 rounded-full bg-fill" />
            <p className="min-w-0 flex-1 break-words">{message.text}</p>
            <button type="button" aria-label="Dismiss" onClick={() => dismiss(message.id)} className="rounded-sm p-1 text-fg-3 hover:text-fg"><X aria-hidden className="size-3.5" /></button>
          </div>
        ))}
      </div>
    </ToastContext.Provider>
  );
}
