/** Reads and writes the globals of an instance: those that are mutable or exported, in the order of the module. */
import type { GlobalValue } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import type { GlobalFact, ModuleFacts } from '@tidemark/wasm'

const scratch = new DataView(new ArrayBuffer(8))

type Accessor = (...args: unknown[]) => unknown

/** Current values. */
export function exportGlobals(instance: WebAssembly.Instance, facts: ModuleFacts): GlobalValue[] {
  const values: GlobalValue[] = []
  facts.globals.forEach((global, index) => {
    if (!isPersisted(global)) return
    if (!global.mutable) {
      values.push(toValue(global.type, exportedGlobal(instance, facts, index).value as number | bigint))
      return
    }
    if (global.type === 'v128') {
      const low = accessor(instance, `tidemark:global:${index}:low`)() as bigint
      const high = accessor(instance, `tidemark:global:${index}:high`)() as bigint
      values.push({ type: 'v128', bytes: vectorBytes(low, high) })
    } else if (global.type === 'f32') {
      values.push({ type: 'f32', bits: (accessor(instance, `tidemark:global:${index}:bits`)() as number) >>> 0 })
    } else if (global.type === 'f64') {
      values.push({ type: 'f64', bits: BigInt.asUintN(64, accessor(instance, `tidemark:global:${index}:bits`)() as bigint) })
    } else values.push(toValue(global.type, globalOf(instance, index).value as number | bigint))
  })
  return values
}

/** Puts values back that `exportGlobals` gave. */
export function importGlobals(instance: WebAssembly.Instance, facts: ModuleFacts, values: readonly GlobalValue[]): void {
  let next = 0
  facts.globals.forEach((global, index) => {
    if (!isPersisted(global)) return
    const value = values[next++]
    if (!global.mutable) return
    if (value === undefined) throw new InvariantError(`no value for global ${index}`)
    if (value.type === 'v128') {
      const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16)
      accessor(instance, `tidemark:global:${index}:set`)(view.getBigInt64(0, true), view.getBigInt64(8, true))
    } else if (value.type === 'f32' || value.type === 'f64') accessor(instance, `tidemark:global:${index}:set`)(value.bits)
    else globalOf(instance, index).value = value.value
  })
}

/**
 * Whether a global is part of a canister's state: exported or mutable. A constant vector is left out, because JavaScript
 * cannot read it and it cannot differ from the module's.
 */
export function isPersisted({ mutable, exported, type }: Pick<GlobalFact, 'mutable' | 'exported' | 'type'>): boolean {
  return mutable || (exported && type !== 'v128')
}

function exportedGlobal(instance: WebAssembly.Instance, facts: ModuleFacts, index: number): WebAssembly.Global {
  const entry = facts.exports.find((candidate) => candidate.kind === 'global' && candidate.index === index)
  if (entry === undefined) throw new InvariantError(`global ${index} is not exported`)
  return instance.exports[entry.name] as WebAssembly.Global
}

function globalOf(instance: WebAssembly.Instance, index: number): WebAssembly.Global {
  return instance.exports[`tidemark:global:${index}`] as WebAssembly.Global
}

function accessor(instance: WebAssembly.Instance, name: string): Accessor {
  return instance.exports[name] as Accessor
}

function toValue(type: string, value: number | bigint): GlobalValue {
  switch (type) {
    case 'i32':
      return { type, value: value as number }
    case 'i64':
      return { type, value: value as bigint }
    case 'f32':
      scratch.setFloat32(0, value as number)
      return { type, bits: scratch.getUint32(0) }
    case 'f64':
      scratch.setFloat64(0, value as number)
      return { type, bits: scratch.getBigUint64(0) }
    default:
      throw new InvariantError(`a global of type ${type} cannot be stored`)
  }
}

function vectorBytes(low: bigint, high: bigint): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigInt64(0, low, true)
  view.setBigInt64(8, high, true)
  return bytes
}
