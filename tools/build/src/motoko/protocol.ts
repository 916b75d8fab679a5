/** What the compiler process is asked to do. Paths are relative to the project root. */
export interface CompileRequest {
  readonly main: string
  readonly sources: readonly (readonly [path: string, text: string])[]
  readonly packages: readonly (readonly [name: string, folder: string])[]
  readonly extraFlags: readonly string[]
  readonly gcFlags: readonly string[]
}

/** One message of the compiler about a source. Lines and columns count from 1. */
export interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: string
  readonly message: string
}

/** What the compiler process answers. */
export type CompileReply =
  | { readonly ok: true; readonly wasm: Uint8Array; readonly candid: string; readonly stable: string }
  | { readonly ok: false; readonly message: string; readonly diagnostics: readonly Diagnostic[] }
