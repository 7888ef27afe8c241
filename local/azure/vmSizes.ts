/**
 * What the name of a VM size tells: vCPUs, memory, GPUs.
 * Source: "Azure virtual machine sizes naming conventions" and the series' specifications.
 */

/** GiB of memory for each vCPU, by the first letters of the series. */
const memory: Readonly<Record<string, number>> = { A: 2, B: 4, D: 4, DC: 4, E: 8, EC: 8, F: 2, L: 8, M: 16 };

/** Series whose sizes hold GPUs: vCPUs for each GPU, GiB for each vCPU. */
const graphics: readonly (readonly [series: RegExp, vcpusPerGpu: number, ratio: number])[] = [
  // T4: one up to 16 vCPUs, four with 64.
  [/^NC\d+as_T4_v3$/, 16, 7],
  [/^NC\d+ads_A100_v4$/, 24, 220 / 24],
  [/^NC\d+ads_H100_v5$/, 40, 8],
  [/^NV\d+ad[ms]+_A10_v5$/, 36, 440 / 36],
  [/^ND\d+[a-z]*_(A100|H100|H200)_v[45]$/, 12, 9],
];

interface VmSize {
  architecture: "amd64" | "arm64";
  vcpus: number;
  memoryGiB: number;
  gpus: number;
}

/** Undefined for what is no VM size. */
export function vmSize(name: string): VmSize | undefined {
  const [, rest = "", letters = "", digits = "", options = ""] =
    /^Standard_(([A-Z]{1,2}?)[A-Z]?(\d+)(?:-\d+)?([a-z]*)(?:_[A-Z]+\d+)?(?:_v\d+)?)$/.exec(name) ?? [];
  const vcpus = Number(digits);
  if (rest === "" || vcpus === 0) return undefined;
  for (const [series, vcpusPerGpu, ratio] of graphics)
    if (series.test(rest))
      return {
        architecture: "amd64",
        vcpus,
        memoryGiB: vcpus * ratio,
        gpus: Math.max(1, Math.floor(vcpus / vcpusPerGpu)),
      };
  const ratio = memory[letters];
  if (ratio === undefined) return undefined;
  // "l" halves the memory; among burstable ones of the first generation only those with "m" have as much.
  const first = letters === "B" && !rest.includes("_v");
  const low = options.includes("l") || (first && !options.includes("m"));
  return {
    architecture: options.includes("p") ? "arm64" : "amd64",
    vcpus,
    memoryGiB: vcpus * (low ? ratio / 2 : ratio),
    gpus: 0,
  };
}
