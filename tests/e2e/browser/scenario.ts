/** A day in the life of a replica, told in plain values: the same wherever it runs. Nothing here may need Node. */
import { deepShapes } from './deepShapes.ts'
import { toHex } from '@tidemark/types'
import { decodeResult, encodeArguments } from '../../motoko/support/candid.ts'
import { monitorInit } from '../../hooks/support/candid.ts'
import { expectReject, expectReply, network } from '../../support/network.ts'

/** The modules that it takes. */
export const canisterNames = ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm', 'monitor', 'recursion'] as const
export const moduleNames = [...canisterNames, ...Object.keys(deepShapes)]

/** Modules by name. */
export type Modules = ReadonlyMap<string, Uint8Array>

/** What there is to tell, in the order in which it happened. */
export type Findings = { readonly [what: string]: string }

const order = 'get_executed_functions_order'

export function runScenario(modules: Modules): Findings {
  const net = network({ seed: new Uint8Array(32).fill(5) })
  const findings: { [what: string]: string } = {}
  const nothing = encodeArguments([])

  const settings = { wasm_memory_limit: 5_000_000n, wasm_memory_threshold: 3_000_000n }
  const twin = net.install(moduleOf(modules, 'low_wasm_memory_hook_wasm'), nothing, { settings })
  net.tick(30)
  findings['order of the hand-written canister'] = toHex(expectReply(net.query(twin, nothing, order)).bytes)

  const motoko = net.install(moduleOf(modules, 'low_wasm_memory_hook'), nothing, {
    settings: { ...settings, wasm_memory_limit: 50_000_000n },
  })
  net.tick(30)
  findings['order of the Motoko canister'] = toHex(expectReply(net.query(motoko, nothing, order)).bytes)
  findings['cycles of the Motoko canister'] = String(net.balance(motoko))

  const recursion = net.install(moduleOf(modules, 'recursion'), nothing)
  const nest = (depth: number) => net.call(recursion, 'nest', encodeArguments([BigInt(depth)]))
  findings['a recursion'] = String(decodeResult(expectReply(nest(1_000)).bytes))
  const before = net.replica.snapshot()
  const deep = expectReject(nest(10_000_000))
  findings['a recursion without end'] = deep
  findings['state after it'] = toHex(net.replica.stateHash())
  net.replica.restore(before)
  findings['state before it'] = toHex(net.replica.stateHash())

  for (const shape of Object.keys(deepShapes)) {
    const id = net.install(moduleOf(modules, shape), nothing)
    findings[`${shape}, without end`] = `${expectReject(net.call(id, 'deep', nothing)).slice(0, 160)} ${net.balance(id)}`
  }

  const typescript = net.install(moduleOf(modules, 'monitor'), monitorInit)
  findings['cycles of the TypeScript canister'] = String(net.balance(typescript))

  findings['certificate'] = toHex(net.replica.certificate([]))
  findings['state at the end'] = toHex(net.replica.stateHash())
  return findings
}

function moduleOf(modules: Modules, name: string): Uint8Array {
  const found = modules.get(name)
  if (found === undefined) throw new Error(`there is no module ${name}`)
  return found
}

/** Installs a canister of more than eight megabytes. @returns `installed`, or why not */
export function installMonitor(modules: Modules): string {
  const net = network()
  const outcome = net.installInto(net.create(), moduleOf(modules, 'monitor'), monitorInit)
  return outcome.kind === 'reply' ? 'installed' : expectReject(outcome)
}
