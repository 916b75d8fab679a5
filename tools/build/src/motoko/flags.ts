/** Compiler flags in the form the JavaScript build of the compiler takes them. */
export interface CompilerFlags {
  readonly extraFlags: readonly string[]
  /** Values for the garbage collector and persistence switch. */
  readonly gcFlags: readonly string[]
}

const gcFlagOf: ReadonlyMap<string, string> = new Map([
  ['--legacy-persistence', 'classicOP'],
  ['--enhanced-orthogonal-persistence', 'enhancedOP'],
  ['--copying-gc', 'copying'],
  ['--compacting-gc', 'marking'],
  ['--generational-gc', 'generational'],
  ['--incremental-gc', 'incremental'],
  ['--force-gc', 'force'],
])
// Only of use to the native compiler: what they ask for is always so here, or has no counterpart.
const ignored: ReadonlySet<string> = new Set(['--release', '--debug', '-c', '--idl', '--stable-types'])

/** Translates flags of the native `moc` to those of its JavaScript build, which refuses unknown ones. */
export function translateFlags(args: readonly string[]): CompilerFlags {
  return {
    extraFlags: args.filter((arg) => !ignored.has(arg) && !gcFlagOf.has(arg)),
    gcFlags: args.flatMap((arg) => gcFlagOf.get(arg) ?? []),
  }
}
