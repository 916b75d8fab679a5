import { CodeWriter } from '../binary/codeWriter.ts'
import { typeByte } from '../decode/valueTypes.ts'
import type { FunctionType, ValueType } from '../facts.ts'
import type { OutputIndices } from './outputIndices.ts'

/** A run of locals of one type. */
export type LocalGroup = readonly [count: number, type: ValueType]

interface MadeFunction {
  readonly type: number
  readonly body: Uint8Array
}

interface MadeGlobal {
  readonly type: ValueType
  readonly init: Uint8Array
}

/** Types, functions and globals that the rewriting adds behind the module's own. */
export class MadeParts {
  readonly #indices: OutputIndices
  readonly #firstType: number
  readonly #typeIndices = new Map<string, number>()
  readonly types: FunctionType[] = []
  readonly functions: MadeFunction[] = []
  readonly globals: MadeGlobal[] = []

  constructor(indices: OutputIndices, firstType: number) {
    this.#indices = indices
    this.#firstType = firstType
  }

  type(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}:${results.join()}`
    const known = this.#typeIndices.get(key)
    if (known !== undefined) return known
    const index = this.#firstType + this.types.length
    this.types.push({ params, results })
    this.#typeIndices.set(key, index)
    return index
  }

  /** Adds a function and gives its index; `write` gets the body, locals numbered after the parameters. */
  function(type: FunctionType, locals: readonly LocalGroup[], write: (out: CodeWriter) => void): number {
    this.functions.push({ type: this.type(type.params, type.results), body: writeBody(locals, write) })
    return this.#indices.firstMade + this.functions.length - 1
  }

  /** Adds a mutable global that starts at zero (or null) or at the given i64, and gives its index. */
  global(type: ValueType, initial = 0): number {
    const init = new CodeWriter(16)
    if (type === 'i64') init.i64(initial)
    else if (type === 'i32') init.i32(initial)
    else init.op(...zeroOf[type])
    init.end()
    this.globals.push({ type, init: init.view() })
    return this.#indices.firstMadeGlobal + this.globals.length - 1
  }
}

const zeroOf: Readonly<Record<Exclude<ValueType, 'i32' | 'i64'>, readonly number[]>> = {
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  v128: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)],
  funcref: [0xd0, 0x70],
  externref: [0xd0, 0x6f],
}

/** A function body with its locals, as it stands in the code section without its size. */
export function writeBody(locals: readonly LocalGroup[], write: (out: CodeWriter) => void): Uint8Array {
  const out = new CodeWriter(256)
  out.u32(locals.length)
  for (const [count, type] of locals) {
    out.u32(count)
    out.byte(typeByte[type])
  }
  write(out)
  out.end()
  return out.view()
}

/** V8 copies a function into its callers when its body has at most this many bytes. */
const largestInlined = 500

/**
 * Makes the body that is being written too large to be copied into its callers. Engines do that to small functions however
 * rarely they run, and what they spend on slow paths is lost to the functions that matter.
 */
export function standApart(out: CodeWriter): void {
  while (out.length <= largestInlined) out.op(0x01)
}
