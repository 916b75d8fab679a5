// Runs in a process of its own: the compiler keeps global state, and an error that escapes it would print the whole
// 2.8 MB of its source as one line. A reply per request, in their order, until the parent disconnects.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CompileReply, CompileRequest, Diagnostic } from './protocol.ts'

interface Compiler {
  readonly compiler: { gcFlags(value: string): void }
  write(path: string, text: string): void
  loadPackage(content: unknown): void
  usePackage(name: string, folder: string): void
  setPublicMetadata(names: readonly string[]): void
  setExtraFlags(flags: readonly string[]): void
  check(path: string): readonly RawDiagnostic[]
  wasm(path: string, mode: 'ic'): { wasm: Uint8Array; candid: string; stable: string }
}

interface RawDiagnostic {
  readonly source: string
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
  readonly severity: number
  readonly code: string
  readonly message: string
}

const errorSeverity = 1

function compile(request: CompileRequest): CompileReply {
  try {
    const compiler = prepare(request)
    try {
      const { wasm, candid, stable } = compiler.wasm(request.main, 'ic')
      return { ok: true, wasm, candid, stable }
    } catch (error) {
      return { ok: false, message: shorten(error), diagnostics: compiler.check(request.main).filter(isError).map(toDiagnostic) }
    }
  } catch (error) {
    return { ok: false, message: shorten(error), diagnostics: [] }
  }
}

function prepare(request: CompileRequest): Compiler {
  const require = createRequire(import.meta.url)
  const compiler: Compiler = require('motoko')
  compiler.loadPackage(JSON.parse(readFileSync(require.resolve('motoko/packages/latest/core.json'), 'utf8')))
  for (const [name, folder] of request.packages) compiler.usePackage(name, folder)
  for (const [path, text] of request.sources) compiler.write(path, text)
  for (const value of request.gcFlags) compiler.compiler.gcFlags(value)
  compiler.setExtraFlags(request.extraFlags)
  compiler.setPublicMetadata(['candid:service', 'candid:args'])
  return compiler
}

function isError(diagnostic: RawDiagnostic): boolean {
  return diagnostic.severity === errorSeverity
}

function toDiagnostic({ source, range, code, message }: RawDiagnostic): Diagnostic {
  return { file: source, line: range.start.line + 1, column: range.start.character + 1, code, message }
}

function shorten(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 4000)
}

process.on('message', (request: CompileRequest) => {
  process.send?.(compile(request))
})
