/** One trace event for every message, and the statistics of queries. */
import { createTraceRecorder } from '@tidemark/trace'
import { describe, expect, test } from 'vitest'
import { later, network, program, universalCanister } from '../../../tests/support/index.ts'

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'on_low_wasm_memory', 'pre_upgrade'] })
const plain = universalCanister()

describe('the trace', () => {
  test('has one event for each message, in the order in which they ran', () => {
    const trace = createTraceRecorder({ capacity: 1000 })
    const net = network({ trace })
    const [id, other] = [net.install(plain), net.install(plain)]
    const from = trace.nextSeq()
    net.update(
      id,
      program().callUpdate(other, program().sys('debug_print', 'line').reply(), { onReply: program().trap('no'), onCleanup: program() }),
    )
    const events = trace.events(from)
    expect(events.map(({ kind, canisterId, outcome }) => [kind, canisterId, outcome])).toEqual([
      ['update', id.toText(), 'returned'],
      ['update', other.toText(), 'returned'],
      ['reply_callback', id.toText(), 'trapped'],
      ['cleanup', id.toText(), 'returned'],
    ])
    expect(events[1]?.logs).toEqual(['line'])
    expect(events[2]?.error).toContain('ic0.trap')
    expect(events[0]?.methodName).toBe('update')
  })

  test('names the tasks of the system', () => {
    const trace = createTraceRecorder({ capacity: 1000 })
    const net = network({ trace })
    const id = net.install(wasm, program().sys('global_timer_set', 1).op('drop'))
    net.updateSettings(id, { wasm_memory_limit: 1n, wasm_memory_threshold: 1n })
    net.tick(2)
    const kinds = new Set(trace.events().map(({ kind }) => kind))
    for (const kind of ['heartbeat', 'global_timer', 'on_low_wasm_memory', 'management'] as const) expect(kinds).toContain(kind)
  })

  test('tells instructions, cycles and memory', () => {
    const trace = createTraceRecorder({ capacity: 1000 })
    const net = network({ trace })
    const id = net.install(plain)
    const before = net.canister(id).consumedCycles.instructions
    net.update(id, program().growHeap(2).reply())
    const event = trace.events().at(-1)
    expect(event?.cyclesCharged).toBe(net.canister(id).consumedCycles.instructions - before)
    expect(event?.cyclesCharged).toBe(5_000_000n + (event?.instructions ?? 0n))
    expect((event?.memoryAfter ?? 0n) - (event?.memoryBefore ?? 0n)).toBe(2n * 65_536n)
  })

  test('changes nothing: the state is the same without it', () => {
    const play = (options: Parameters<typeof network>[0]) => {
      const net = network(options)
      const id = net.install(plain)
      net.update(
        id,
        program()
          .note('x')
          .then(later(1, program().note('y').reply())),
      )
      return Buffer.from(net.replica.certificate([])).toString('hex')
    }
    expect(play({ trace: createTraceRecorder({ capacity: 10 }) })).toBe(play({}))
  })
})

describe('query statistics', () => {
  test('are added up at the end of an epoch of 600 rounds', () => {
    const net = network()
    const id = net.install(plain)
    const ask = program().reply('four')
    for (let n = 0; n < 3; n++) net.query(id, ask)
    net.query(id, program().reject('no'))
    net.update(id, ask)
    expect(net.canister(id).queryStats.callsTotal).toBe(0n)
    net.tick(600)
    const { callsTotal, instructionsTotal, requestPayloadBytesTotal, responsePayloadBytesTotal } = net.canister(id).queryStats
    expect(callsTotal).toBe(4n)
    expect(instructionsTotal).toBeGreaterThan(4000n)
    expect(requestPayloadBytesTotal).toBe(BigInt(3 * ask.bytes().length + program().reject('no').bytes().length))
    expect(responsePayloadBytesTotal).toBe(3n * 4n + 2n)
  })
})
