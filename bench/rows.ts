/** A measurement over its floor, both of the same run. A floor that cannot be measured is null. */
export interface Row {
  row: string;
  value: number;
  floor: number | null;
  /** Minutes are those that clouds publish for what they make; seconds of a drill are the deployment's own. */
  unit: "s" | "min" | "MB";
  ratio: number | null;
}

export function rowOf(row: string, value: number, floor: number | undefined, unit: Row["unit"]): Row {
  return {
    row,
    value: rounded(value),
    floor: floor === undefined ? null : rounded(floor),
    unit,
    ratio: floor === undefined ? null : rounded(value / floor),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = sorted.slice(sorted.length % 2 === 0 ? middle - 1 : middle);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** What is seen on the way; the rows alone go to stdout. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export function print(rows: readonly Row[]): void {
  const cells = [
    ["row", "value", "floor", "ratio"],
    ...rows.map(({ row, value, floor, unit, ratio }) => [
      row,
      `${value.toFixed(2)} ${unit}`,
      floor === null ? "–" : `${floor.toFixed(2)} ${unit}`,
      ratio === null ? "–" : ratio.toFixed(2),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  for (const line of cells)
    console.log(
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    );
}
