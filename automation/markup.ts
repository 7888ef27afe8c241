/** What pictures have in common: SVG as text. */

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it stands in an element or an attribute. */
export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

/** A length that is exact enough for a screen. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10;
