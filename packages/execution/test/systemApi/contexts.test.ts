/** Every system function in every context: allowed, or refused with the protocol's text. */
import { describe, expect, test } from 'vitest'
import { type Program, type WasmMode, functionsFor, outcallParams, program } from '../../../../tests/support/index.ts'
import { type EntryKind, entryKinds } from '../../src/index.ts'
import { Bench } from './bench.ts'

/** The letters of the specification's table, each with the kinds of execution that it stands for. */
const letterOf: Record<EntryKind, string> = {
  start: 's',
  init: 'I',
  post_upgrade: 'I',
  pre_upgrade: 'G',
  update: 'U',
  replicated_query: 'RQ',
  query: 'NRQ',
  transform: 'TQ',
  composite_query: 'CQ',
  reply_callback: 'Ry',
  reject_callback: 'Rt',
  composite_reply_callback: 'CRy',
  composite_reject_callback: 'CRt',
  cleanup: 'C',
  composite_cleanup: 'CC',
  inspect_message: 'F',
  heartbeat: 'T',
  global_timer: 'T',
  on_low_wasm_memory: 'T',
  lifecycle_hook: 'U',
}

const modeName: Partial<Record<EntryKind, string>> = {
  post_upgrade: 'init',
  query: 'non replicated query',
  transform: 'non replicated query',
  on_low_wasm_memory: 'on low Wasm memory',
}

/** Names that the network's texts write with a dot. */
const dotted = new Set(['root_key_copy', 'subnet_self_copy'])

const needsCall = new Set([
  'call_on_cleanup',
  'call_data_append',
  'call_with_best_effort_response',
  'call_cycles_add',
  'call_cycles_add128',
  'call_perform',
])

function isAllowed(contexts: string, kind: EntryKind): boolean {
  const letter = letterOf[kind]
  return contexts.split(' ').some((word) => word === letter || (word === '*' && letter !== 's'))
}

/** Calls the function with zeros, which are valid operands of every function but one. */
function probe(name: string, params: number): Program {
  if (name === 'cost_http_request_v2') return program().blob(outcallParams()).sys(name, 0)
  const call = needsCall.has(name) ? program().sys('call_new', 0, 0, 0, 0, 0, 0, 0, 0) : program()
  return call.sys(name, ...Array.from({ length: params }, () => 0))
}

describe.each(['wasm32', 'wasm64'] satisfies WasmMode[])('%s', (mode) => {
  const bench = new Bench(mode)

  describe.each(functionsFor(mode).map(([name, fn]) => ({ name, ...fn })))('ic0.$name', ({ name, contexts, params }) => {
    const outcomes = new Map<EntryKind, { errorCode: string; message: string } | undefined>()
    bench.load(probe(name, params.length))
    for (const kind of entryKinds) outcomes.set(kind, bench.run(kind).error)

    test.each(entryKinds.filter((kind) => isAllowed(contexts, kind)))('may be used in %s', (kind) => {
      const error = outcomes.get(kind)
      if (name === 'trap') expect(error?.errorCode).toBe('CanisterCalledTrap')
      else expect(error).toBeUndefined()
    })

    test.each(entryKinds.filter((kind) => !isAllowed(contexts, kind)))('is refused in %s', (kind) => {
      // A function that needs a call in preparation is refused at `call_new` already, where that is not allowed either.
      const refused = needsCall.has(name) && !isAllowed('U CQ Ry Rt CRy CRt T', kind) ? 'call_new' : name
      expect(outcomes.get(kind)).toMatchObject({
        errorCode: 'CanisterContractViolation',
        message: `Canister violated contract: "${dotted.has(refused) ? 'ic0.' : 'ic0_'}${refused}" cannot be executed in ${modeName[kind] ?? kind.replaceAll('_', ' ')} mode`,
      })
    })
  })
})
