/** As the server's check has them (engine/code/check/virtual-project.ts), so that both say the same; TypeScript's numbers, since it is not here. */
export const COMPILER_OPTIONS = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  types: [],
  lib: ["lib.esnext.d.ts"],
  /** ESNext */
  target: 99,
  /** ESNext */
  module: 99,
  /** Bundler */
  moduleResolution: 100 as 2,
  /** Force */
  moduleDetection: 3,
};
