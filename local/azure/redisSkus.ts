/** Memory of Azure Managed Redis, GB, by SKU. Source: Azure Managed Redis, "Choose the right tier". */
const balanced = {
  B0: 0.5,
  B1: 1,
  B3: 3,
  B5: 6,
  B10: 12,
  B20: 24,
  B50: 60,
  B100: 120,
  B150: 180,
  B250: 240,
  B350: 360,
  B500: 480,
  B700: 720,
  B1000: 960,
};
const memoryOptimized = {
  M10: 12,
  M20: 24,
  M50: 60,
  M100: 120,
  M150: 175,
  M250: 235,
  M350: 360,
  M500: 480,
  M700: 720,
  M1000: 960,
  M1500: 1440,
  M2000: 1920,
};
const computeOptimized = {
  X3: 3,
  X5: 6,
  X10: 12,
  X20: 24,
  X50: 60,
  X100: 120,
  X150: 180,
  X250: 240,
  X350: 360,
  X500: 480,
  X700: 720,
};
const flashOptimized = {
  A250: 250,
  A500: 500,
  A700: 700,
  A1000: 1000,
  A1500: 1500,
  A2000: 2000,
  A4500: 4500,
};
/** All of them, by the SKU's full name. */
export const memory: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Balanced: balanced,
    MemoryOptimized: memoryOptimized,
    ComputeOptimized: computeOptimized,
    FlashOptimized: flashOptimized,
  }).flatMap(([family, sizes]) =>
    Object.entries(sizes).map(([size, gb]): [string, number] => [`${family}_${size}`, gb]),
  ),
);
