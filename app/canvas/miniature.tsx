import { STATUS_TONE, STATUS_WORD } from "./look.ts";
import { CARD, type Picture } from "./project.ts";

/** The graph the size of a stamp, coloured by status: plain SVG, rendered on the server too. */
export function Miniature({ picture, label, className = "h-14 w-40" }: { picture: Picture; label: string; className?: string }) {
  const boxes = [...picture.cards.map(({ position }) => ({ ...position, ...CARD })), ...picture.frames];
  const left = Math.min(...boxes.map(({ x }) => x)) - 20;
  const top = Math.min(...boxes.map(({ y }) => y)) - 20;
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + 20 - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + 20 - top;
  const at = new Map(picture.cards.map((card) => [card.id, card.position]));
  return (
    <svg role="img" aria-label={label} viewBox={`${left} ${top} ${width} ${height}`} className={className} preserveAspectRatio="xMidYMid meet">
      {picture.frames.map((frame) => <rect key={frame.container} x={frame.x} y={frame.y} width={frame.width} height={frame.height} rx={24} strokeWidth={6} strokeDasharray="18 14" fill="none" className="stroke-line-strong" />)}
      {picture.lines.map((line) => {
        const from = at.get(line.from);
        const to = at.get(line.to);
        if (!from || !to) return null;
        const [x1, y1, x2, y2] = [from.x + CARD.width, from.y + CARD.height / 2, to.x, to.y + CARD.height / 2];
        const middle = (x1 + x2) / 2;
        return <path key={line.id} d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`} fill="none" strokeWidth={10} strokeDasharray={line.state === "dead" ? "14 18" : undefined} className={line.state === "fired" ? "stroke-fg-3" : "stroke-line-strong"} />;
      })}
      {picture.cards.map((card) => (
        <g key={card.id} data-tone={card.kind === "trigger" ? "gray" : STATUS_TONE[card.status]}>
          <title>{card.kind === "trigger" ? card.title : `${card.title}: ${STATUS_WORD[card.status]}`}</title>
          <rect x={card.position.x} y={card.position.y} width={CARD.width} height={CARD.height} rx={16} strokeWidth={8} className={card.status === "idle" || card.status === "skipped" ? "fill-surface stroke-line-strong" : "fill-fill stroke-fill"} />
        </g>
      ))}
    </svg>
  );
}
