import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

export interface Column {
  key: string;
  label: ReactNode;
  /** CSS width; one column without it takes what is left. Fixed layout: a long value is cut, never widens the page. */
  width?: string;
  align?: "right";
  /** Below this viewport width the column is left out. */
  from?: "xl" | "2xl";
}

const FROM = { xl: "max-xl:hidden", "2xl": "max-2xl:hidden" };

export function Table({ columns, caption, children, ...rest }: { columns: Column[]; caption: string; children: ReactNode } & ComponentProps<"table">) {
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-sm" {...rest}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              style={column.width === undefined ? undefined : { width: column.width }}
              className={clsx("sticky top-0 z-10 h-8 truncate border-b border-line bg-surface px-2 text-xs font-medium text-fg-3 first:pl-4 last:pr-4", column.align === "right" ? "text-right" : "text-left", column.from && FROM[column.from])}
            >
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function Row({ selected, fresh, className, ...rest }: ComponentProps<"tr"> & { selected?: boolean; fresh?: boolean }) {
  return <tr aria-current={selected ? "true" : undefined} className={clsx("group", selected ? "bg-selected" : "hover:bg-hover", fresh && "animate-[fresh_2.4s_ease-out]", className)} {...rest} />;
}

export function Cell({ column, className, ...rest }: ComponentProps<"td"> & { column?: Pick<Column, "align" | "from"> }) {
  return <td className={clsx("h-9 truncate border-b border-line px-2 first:pl-4 last:pr-4", column?.align === "right" && "text-right", column?.from && FROM[column.from], className)} {...rest} />;
}
