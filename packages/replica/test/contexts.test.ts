/** Every entry point, reached through rounds, runs in the context that the specification gives it. */
import { describe, expect, test } from 'vitest'
import type { Principal } from '@tidemark/types'
import {
  type Program,
  type TestNetwork,
  expectReject,
  expectReply,
  network,
  program,
  systemFunctions,
  universalCanister,
} from '../../../tests/support/index.ts'

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'inspect_message', 'pre_upgrade', 'on_low_wasm_memory'] })
const quiet = universalCanister()

/** Functions that together tell all contexts apart. */
const probes = [
  'accept_message',
  'msg_reject_msg_size',
  'msg_arg_data_size',
  'root_key_size',
  'data_certificate_size',
  'msg_reply',
  'certified_data_set',
  'msg_cycles_available',
  'call_new',
  'time',
  'msg_method_name_size',
  'global_timer_set',
] as const

interface Context {
  readonly letter: string
  readonly mode: string
  /** Runs a program in this context. @returns the text of its error; undefined when it was not refused */
  readonly run: (net: TestNetwork, body: Program) => string | undefined
}

const withReject = (outcome: ReturnType<TestNetwork['update']>): string | undefined =>
  outcome.kind === 'reject' ? expectReject(outcome) : undefined
const installed = (net: TestNetwork, init: Program | string = ''): Principal => net.install(quiet, init)

/** A system task has no caller to tell: what it changed shows whether it was refused. */
function taskError(net: TestNetwork, id: Principal, rounds: () => void): string | undefined {
  const before = net.state(id)
  rounds()
  return net.state(id) === before ? 'refused' : undefined
}

function callback(
  net: TestNetwork,
  body: Program,
  parts: (body: Program) => Parameters<Program['callUpdate']>[2],
  answer: Program,
): string | undefined {
  const id = installed(net)
  const outcome = net.update(id, program().callUpdate(installed(net), answer, parts(body)))
  return outcome.kind === 'reject' && !isSilence.test(outcome.reject.message) ? expectReject(outcome) : undefined
}

function composite(net: TestNetwork, parts: Parameters<Program['callUpdate']>[2], answer: Program): string | undefined {
  const id = installed(net)
  return withReject(net.compositeQuery(id, program().call(installed(net), 'query', answer, parts).op('drop')))
}

/** How a query, or a message, ends that did all it should but answer. */
const isSilence = /did not (reply|produce a response)/

const finished = (error: string | undefined) => (error !== undefined && isSilence.test(error) ? undefined : error)

const contexts: readonly Context[] = [
  { letter: 's', mode: 'start', run: (net, body) => withReject(net.installInto(net.create(), universalCanister({ start: body.bytes() }))) },
  { letter: 'I', mode: 'init', run: (net, body) => withReject(net.installInto(net.create(), quiet, body)) },
  { letter: 'I', mode: 'init', run: (net, body) => withReject(net.upgrade(installed(net), quiet, body)) },
  {
    letter: 'G',
    mode: 'pre upgrade',
    run: (net, body) => withReject(net.upgrade(installed(net, program().on('pre_upgrade', body)), quiet)),
  },
  { letter: 'U', mode: 'update', run: (net, body) => finished(withReject(net.update(installed(net), body))) },
  { letter: 'RQ', mode: 'replicated query', run: (net, body) => finished(withReject(net.call(installed(net), 'query', body))) },
  { letter: 'NRQ', mode: 'non replicated query', run: (net, body) => finished(withReject(net.query(installed(net), body))) },
  { letter: 'CQ', mode: 'composite query', run: (net, body) => finished(withReject(net.compositeQuery(installed(net), body))) },
  { letter: 'Ry', mode: 'reply callback', run: (net, body) => callback(net, body, (onReply) => ({ onReply }), program().reply()) },
  { letter: 'Rt', mode: 'reject callback', run: (net, body) => callback(net, body, (onReject) => ({ onReject }), program().reject('no')) },
  { letter: 'CRy', mode: 'composite reply callback', run: (net, body) => finished(composite(net, { onReply: body }, program().reply())) },
  {
    letter: 'CRt',
    mode: 'composite reject callback',
    run: (net, body) => finished(composite(net, { onReject: body }, program().reject('no'))),
  },
  {
    letter: 'C',
    mode: 'cleanup',
    run: (net, body) =>
      callback(net, body, (onCleanup) => ({ onReply: program().trap('first'), onCleanup }), program().reply())?.match(
        /also failed:\n\n(.*)/s,
      )?.[1],
  },
  {
    letter: 'F',
    mode: 'inspect message',
    run: (net, body) => {
      const id = net.install(universalCanister({ exports: ['inspect_message'] }), program().on('inspect_message', body))
      const error = withReject(net.update(id, program().reply()))
      return error === 'IC0406 Canister rejected the message' ? undefined : error
    },
  },
  { letter: 'T', mode: 'heartbeat', run: (net, body) => task(net, body, 'heartbeat') },
  { letter: 'T', mode: 'global timer', run: (net, body) => task(net, body, 'global_timer') },
  { letter: 'T', mode: 'on low wasm memory', run: (net, body) => task(net, body, 'on_low_wasm_memory') },
]

function task(net: TestNetwork, body: Program, slot: 'heartbeat' | 'global_timer' | 'on_low_wasm_memory'): string | undefined {
  const id = net.install(wasm, program().on(slot, body.note('ran')))
  return taskError(net, id, () => {
    if (slot === 'global_timer') expectReply(net.update(id, program().sys('global_timer_set', 1).op('drop').reply()))
    if (slot === 'on_low_wasm_memory') expectReply(net.updateSettings(id, { wasm_memory_limit: 1n, wasm_memory_threshold: 1n }))
    net.tick(2)
  })
}

const net = network()

describe.each(contexts)('$mode', ({ letter, mode, run }) => {
  test.each(probes)('ic0.%s', (name) => {
    const { params, contexts: allowed } = systemFunctions[name]!
    const body = program().sys(name, ...params.map(() => 0))
    const isAllowed = allowed.split(' ').some((word) => word === letter || (word === '*' && letter !== 's'))
    const error = run(net, body)
    if (isAllowed) expect(error).toBeUndefined()
    else if (letter === 'T') expect(error).toBe('refused')
    // The universal canister's entry points without a program of their own read the argument first.
    else expect(error).toContain(`"ic0_${name}" cannot be executed in ${mode} mode`)
  })
})
