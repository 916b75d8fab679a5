import type { ModuleLayout } from '../decode/layout.ts'
import type { ExternalKind } from '../facts.ts'
import { exportPrefix } from '../hostInterface.ts'
import type { ExportWrappers } from './exportWrappers.ts'
import type { MadeParts } from './madeParts.ts'
import type { OutputIndices } from './outputIndices.ts'

export interface OutputExport {
  readonly name: string
  readonly kind: ExternalKind
  readonly index: number
}

/** The module's own exports under their names, then the controls and the globals that a host saves and restores. */
export function collectExports(parts: {
  readonly layout: ModuleLayout
  readonly indices: OutputIndices
  readonly made: MadeParts
  readonly exportWrappers: ExportWrappers
  readonly controls: ReadonlyMap<string, number>
  readonly stateFlags: readonly number[]
}): OutputExport[] {
  const { layout, made, exportWrappers, controls, stateFlags } = parts
  const exported: OutputExport[] = layout.exports.map(({ name, kind, index }) => ({
    name,
    kind,
    index: kind === 'function' ? exportWrappers.of(index) : index,
  }))
  for (const [name, index] of controls) exported.push({ name: exportPrefix + name, kind: 'function', index })
  layout.globals.forEach((global, index) => {
    if (!global.mutable) return
    const name = `${exportPrefix}global:${index}`
    if (global.type === 'v128') exported.push(...vectorAccessors(name, index, made))
    else if (global.type === 'f32' || global.type === 'f64') exported.push(...floatAccessors(name, index, global.type, made))
    else exported.push({ name, kind: 'global', index })
  })
  if (layout.tables.length > 0) exported.push({ name: `${exportPrefix}table`, kind: 'table', index: 0 })
  for (const flag of stateFlags) exported.push({ name: `${exportPrefix}dropped:${flag}`, kind: 'global', index: flag })
  return exported
}

const reinterpret = {
  f32: { integer: 'i32', toInteger: 0xbc, toFloat: 0xbe },
  f64: { integer: 'i64', toInteger: 0xbd, toFloat: 0xbf },
} as const

/** JavaScript may change the payload of a NaN: `:bits` gives a float as the integer of the same bits, `:set` takes it. */
function floatAccessors(name: string, global: number, type: keyof typeof reinterpret, made: MadeParts): OutputExport[] {
  const { integer, toInteger, toFloat } = reinterpret[type]
  const bits = made.function({ params: [], results: [integer] }, [], (out) => out.getGlobal(global).op(toInteger))
  const set = made.function({ params: [integer], results: [] }, [], (out) => out.get(0).op(toFloat).setGlobal(global))
  return [
    { name: `${name}:bits`, kind: 'function', index: bits },
    { name: `${name}:set`, kind: 'function', index: set },
  ]
}

/** A 128-bit global cannot be read from JavaScript: `:low` and `:high` give its halves as i64, `:set` takes both. */
function vectorAccessors(name: string, global: number, made: MadeParts): OutputExport[] {
  const half = (lane: number): number =>
    made.function({ params: [], results: ['i64'] }, [], (out) => out.getGlobal(global).op(0xfd, 0x1d, lane))
  const set = made.function({ params: ['i64', 'i64'], results: [] }, [], (out) =>
    out.get(0).op(0xfd, 0x12).get(1).op(0xfd, 0x1e, 1).setGlobal(global),
  )
  return [
    { name: `${name}:low`, kind: 'function', index: half(0) },
    { name: `${name}:high`, kind: 'function', index: half(1) },
    { name: `${name}:set`, kind: 'function', index: set },
  ]
}
