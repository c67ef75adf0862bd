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

/** @param texts path below ROOT → text. */
export function virtualProgram(texts: ReadonlyMap<string, string>, packagesDir: string | undefined): ts.Program {
  const packages = packagesDir === undefined ? undefined : safeRealpath(packagesDir);
  const isLibrary = (path: string): boolean => dirname(path) === LIBRARY;
  const mayRead = (path: string): boolean => isLibrary(path) || (packages !== undefined && (safeRealpath(path) ?? path).startsWith(packages + sep));
  const onDisk = {
    fileExists: (path: string) => mayRead(path) && ts.sys.fileExists(path),
    readFile: (path: string) => (mayRead(path) ? ts.sys.readFile(path) : undefined),
    directoryExists: (path: string) => packages !== undefined && (path + sep).startsWith(packages + sep) && ts.sys.directoryExists(path),
    getCurrentDirectory: () => ROOT,
  } satisfies ts.ModuleResolutionHost;
  const host: ts.CompilerHost = {
    ...onDisk,
    fileExists: (path) => texts.has(path) || onDisk.fileExists(path),
    readFile: (path) => texts.get(path) ?? onDisk.readFile(path),
    getSourceFile(path, version) {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, version, true);
      if (!isLibrary(path)) return mayRead(path) ? parse(path, version) : undefined;
      if (!libraryFiles.has(path)) libraryFiles.set(path, parse(path, version));
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
      if (importer.startsWith(`${ROOT}/`)) {
        if (name.startsWith(".")) {
          const path = posix.join(posix.dirname(importer), name);
          return { resolvedModule: texts.has(path) ? { resolvedFileName: path, extension: path.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts } : undefined };
        }
        if (packages === undefined || name.startsWith("/")) return { resolvedModule: undefined };
        return ts.resolveModuleName(name, join(packages, "playbook.ts"), OPTIONS, onDisk);
      }
      return ts.resolveModuleName(name, importer, OPTIONS, onDisk);
    }),
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host });
}

function parse(path: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  const text = ts.sys.readFile(path);
  return text === undefined ? undefined : ts.createSourceFile(path, text, version);
}

function safeRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
