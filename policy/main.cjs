// Pulumi loads a pack with require() and a TypeScript of 2019; tsx reads the pack as it stands.
module.exports = async () => {
  const { register } = await import("tsx/esm/api");
  register();
  await import("./index.ts");
};
