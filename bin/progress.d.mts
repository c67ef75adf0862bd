type Paint = (text: string) => string;
export const bold: Paint;
export const dim: Paint;
export const green: Paint;
export const red: Paint;
export const yellow: Paint;
export function seconds(milliseconds: number): string;
export function step<T>(name: string, doing: string, work: (done: (text: string) => void) => Promise<T> | T): Promise<T>;
export function complain(message: string): void;
