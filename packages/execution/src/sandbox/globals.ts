/** Reads and writes the globals of an instance that are part of a canister's state. */
import type { GlobalValue } from '@tidemark/state'
import { InvariantError } from '@tidemark/types'
import type { GlobalFact, ModuleFacts } from '@tidemark/wasm'

const scratch = new DataView(new ArrayBuffer(8))

type Accessor = (...args: unknown[]) => unknown

/** A module's facts and what `savedGlobals` says of them. */
export interface SavedGlobals {
  readonly facts: ModuleFacts
  readonly savedGlobals: readonly number[]
}

/**
 * Which globals are part of a canister's state: the exported ones as often and in the order in which they are, then the
 * mutable others. A constant vector is left out, because JavaScript cannot read it and it cannot differ from the module's.
 */
export function savedGlobals({ exports, globals }: ModuleFacts): number[] {
  const exported = exports.flatMap(({ kind, index }) => (kind === 'global' ? [index] : []))
  const hidden = globals.flatMap((global, index) => (global.mutable && !global.exported ? [index] : []))
  return [...exported, ...hidden].filter((index) => globals[index]?.mutable === true || globals[index]?.type !== 'v128')
}

/** Current values of the saved globals. */
export function exportGlobals(instance: WebAssembly.Instance, { facts, savedGlobals: saved }: SavedGlobals): GlobalValue[] {
  return saved.map((index) => {
    const { mutable, type } = factOf(facts, index)
    if (!mutable) return toValue(type, exportedGlobal(instance, facts, index).value as number | bigint)
    if (type === 'v128') {
      const low = accessor(instance, `tidemark:global:${index}:low`)() as bigint
      const high = accessor(instance, `tidemark:global:${index}:high`)() as bigint
      return { type, bytes: vectorBytes(low, high) }
    }
    if (type === 'f32') return { type, bits: (accessor(instance, `tidemark:global:${index}:bits`)() as number) >>> 0 }
    if (type === 'f64') return { type, bits: BigInt.asUintN(64, accessor(instance, `tidemark:global:${index}:bits`)() as bigint) }
    return toValue(type, globalOf(instance, index).value as number | bigint)
  })
}

/** Puts values back that `exportGlobals` gave. */
export function importGlobals(
  instance: WebAssembly.Instance,
  { facts, savedGlobals: saved }: SavedGlobals,
  values: readonly GlobalValue[],
): void {
  saved.forEach((index, position) => {
    if (!factOf(facts, index).mutable) return
    const value = values[position]
    if (value === undefined) throw new InvariantError(`no value for global ${index}`)
    if (value.type === 'v128') {
      const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16)
      accessor(instance, `tidemark:global:${index}:set`)(view.getBigInt64(0, true), view.getBigInt64(8, true))
    } else if (value.type === 'f32' || value.type === 'f64') accessor(instance, `tidemark:global:${index}:set`)(value.bits)
    else globalOf(instance, index).value = value.value
  })
}

function factOf({ globals }: ModuleFacts, index: number): GlobalFact {
  const fact = globals[index]
  if (fact === undefined) throw new InvariantError(`there is no global ${index}`)
  return fact
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
