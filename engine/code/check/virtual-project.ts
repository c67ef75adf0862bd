/** TypeScript's whole world during a check: texts in memory, its own libraries, the administrator's packages folder. Nothing else is read. */
import { realpathSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import ts from "typescript";
import { ROOT } from "./node-module.ts";

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  types: [],
  lib: ["lib.esnext.d.ts"],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
};

const LIBRARY = dirname(ts.getDefaultLibFilePath(OPTIONS));
/** Parsing these costs more than checking a playbook; they never change while the program runs. */
const libraryFiles = new Map<string, ts.SourceFile | undefined>();

const isLibrary = (path: string): boolean => dirname(path) === LIBRARY;

/** The administrator's packages as the check may see them: nothing outside of their folder. */
export interface Packages {
  /** Its real path; undefined where there is none. */
  folder: string | undefined;
  disk: ts.ModuleResolutionHost;
  /** What a code file gets that imports this name. */
  resolve(name: string): ts.ResolvedModuleWithFailedLookupLocations;
}

export function openPackages(packagesDir: string | undefined): Packages {
  const folder = packagesDir === undefined ? undefined : safeRealpath(packagesDir);
  const mayRead = (path: string): boolean => isLibrary(path) || (folder !== undefined && (safeRealpath(path) ?? path).startsWith(folder + sep));
  const disk = {
    fileExists: (path: string) => mayRead(path) && ts.sys.fileExists(path),
    readFile: (path: string) => (mayRead(path) ? ts.sys.readFile(path) : undefined),
    directoryExists: (path: string) => folder !== undefined && (path + sep).startsWith(folder + sep) && ts.sys.directoryExists(path),
    getCurrentDirectory: () => ROOT,
  } satisfies ts.ModuleResolutionHost;
  return {
    folder,
    disk,
    resolve: (name) => (folder === undefined || name.startsWith("/") ? { resolvedModule: undefined } as ts.ResolvedModuleWithFailedLookupLocations : ts.resolveModuleName(name, join(folder, "playbook.ts"), OPTIONS, disk)),
  };
}

/** @param texts path below ROOT → text. */
export function virtualProgram(texts: ReadonlyMap<string, string>, packages: Packages): ts.Program {
  const { disk } = packages;
  const host: ts.CompilerHost = {
    getCurrentDirectory: () => ROOT,
    directoryExists: (path) => disk.directoryExists!(path),
    fileExists: (path) => texts.has(path) || disk.fileExists(path),
    readFile: (path) => texts.get(path) ?? disk.readFile(path),
    getSourceFile(path, version) {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, version, true);
      if (!isLibrary(path)) return parse(disk.readFile(path), path, version);
      if (!libraryFiles.has(path)) libraryFiles.set(path, parse(ts.sys.readFile(path), path, version));
      return libraryFiles.get(path);
    },
    getDefaultLibFileName: () => join(LIBRARY, "lib.esnext.d.ts"),
    getDefaultLibLocation: () => LIBRARY,
    writeFile: () => undefined,
    useCaseSensitiveFileNames: () => true,
    getCanonicalFileName: (path) => path,
    getNewLine: () => "\n",
    resolveTypeReferenceDirectiveReferences: (references) => references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
    resolveModuleNameLiterals: (literals, importer) => literals.map(({ text: name }) => {
      if (!importer.startsWith(`${ROOT}/`)) return ts.resolveModuleName(name, importer, OPTIONS, disk);
      if (!name.startsWith(".")) return packages.resolve(name);
      const path = posix.join(posix.dirname(importer), name);
      return { resolvedModule: texts.has(path) ? { resolvedFileName: path, extension: path.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts } : undefined };
    }),
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host });
}

const parse = (text: string | undefined, path: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined =>
  text === undefined ? undefined : ts.createSourceFile(path, text, version);

function safeRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
