/** Executions of more than a slice: what they did becomes state in their last round, and until then the canister is as before. */
import { createTraceRecorder } from '@tidemark/trace'
import { type Principal, managementCanisterId } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import {
  type Program,
  type TestNetwork,
  candid,
  encodeManagement,
  expectNumber,
  expectReject,
  expectReply,
  heavy,
  network,
  otherUser,
  program,
  settingsRecord,
  universalCanister,
} from '../../../tests/support/index.ts'

const wasm = universalCanister()
const tasks = universalCanister({ exports: ['heartbeat', 'global_timer', 'on_low_wasm_memory'] })
/** Rounds that an execution of ten billion takes, a bit more than it says. */
const rounds = 6
const stop = (id: Principal) => encodeManagement('stop_canister', { canister_id: candid(id) })

/** Everything that a message can change, and then a reply. */
const manyEffects = (other: Principal) =>
  heavy(10)
    .note('x')
    .growHeap(2)
    .sys('stable64_grow', 1)
    .op('drop')
    .sys('stable64_write', 0, 0, 8)
    .sys('certified_data_set', 'certified')
    .sys('global_timer_set', 77)
    .op('drop')
    .sys('debug_print', 'printed')
    .callUpdate(other, program().note('called').reply())
    .reply('done')

/** What can be seen of a canister from outside. */
function seen(net: TestNetwork, id: Principal) {
  const { certifiedData, execution, stableMemory, globalTimerNanos, version, callbacks } = net.canister(id)
  return {
    state: net.state(id),
    certified: new TextDecoder().decode(certifiedData),
    heapPages: execution?.live.heapPages,
    stablePages: stableMemory.sizePages,
    timer: globalTimerNanos,
    version,
    calls: callbacks.size,
    log: net.log(id),
  }
}

function start(body: (other: Principal) => Program, code = wasm) {
  const net = network()
  const [id, other] = [net.install(code), net.install(wasm)]
  return { net, id, other, sent: net.send(id, body(other)) }
}

describe('a long update', () => {
  test('shows none of its effects before its last round, and then all of them', () => {
    const { net, id, other, sent } = start(manyEffects)
    const before = seen(net, id)
    for (let round = 1; round < rounds; round++) {
      net.tick()
      expect(seen(net, id)).toEqual(before)
      expect(net.state(other)).toBe('')
      expect(net.status(sent)).toEqual({ status: 'processing' })
    }
    net.tick()
    expect(expectReply(net.await(sent, 0)).text).toBe('done')
    const after = seen(net, id)
    expect(after).toMatchObject({
      state: 'x',
      certified: 'certified',
      stablePages: 1,
      timer: 77n,
      version: before.version + 1n,
      log: ['printed'],
    })
    // Ten billion cost twenty times ten MiB of heap, too.
    expect(after.heapPages).toBeGreaterThan((before.heapPages ?? 0) + 2)
    net.tick()
    expect(net.state(other)).toBe('called')
    expect(expectReply(net.update(id, program().sys('stable64_size').replyInt())).bytes[0]).toBe(1)
  })

  test('goes on from what it wrote: later messages find it', () => {
    const { net, id, sent } = start(() => heavy(5).note('a').reply())
    expectReply(net.await(sent))
    expectReply(net.update(id, heavy(5).note('b').reply()))
    expectReply(net.update(id, program().note('c').reply()))
    expect(net.state(id)).toBe('abc')
  })

  test('takes a round for every two billion instructions', () => {
    const roundsOf = (billions: number) => {
      const { net, sent } = start(() => heavy(billions).reply())
      let count = 0
      while (net.status(sent)?.status !== 'replied') {
        net.tick()
        count++
      }
      return count
    }
    expect([1, 3, 9, 38].map(roundsOf)).toEqual([1, 2, 5, 20])
  })

  test('sees the time of its start, and so do its records', () => {
    const { net, id, sent } = start(() => heavy(10).sys('debug_print', 'x').sys('time').replyInt())
    net.advance(5)
    const started = net.replica.timeNanos()
    net.advance(5)
    net.advance(5)
    expect(expectNumber(net.await(sent))).toBe(started)
    expect(net.canister(id).log.records.map(({ timestampNanos }) => timestampNanos)).toEqual([started])
  })

  test('that traps leaves its records and its bill, in the last round', () => {
    const { net, id, sent } = start(() => heavy(10).note('x').sys('debug_print', 'printed').trap('no'))
    net.tick(rounds - 1)
    expect([net.state(id), net.log(id)]).toEqual(['', []])
    expect(expectReject(net.await(sent, 1))).toContain('IC0503')
    expect([net.state(id), net.log(id)]).toEqual(['', ['printed', '[TRAP]: no']])
    expect(net.canister(id).consumedCycles.instructions).toBeGreaterThan(10_000_000_000n)
  })

  test('that goes on past the limit is refused once it has used it up', () => {
    const { net, sent } = start(() => heavy(45).reply())
    net.tick(19)
    expect(net.status(sent)?.status).toBe('processing')
    expect(expectReject(net.await(sent, 1))).toContain('IC0522')
  })

  test('costs the same as in one go, to the cycle, and nothing is lost on the way', () => {
    const { net, id, sent } = start(() => heavy(10).reply())
    const before = net.balance(id)
    net.tick(3)
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
    expect(net.balance(id)).toBe(before - 40_005_000_000n)
    expectReply(net.await(sent))
    const used = before - net.balance(id)
    expect(used).toBeGreaterThan(10_005_000_000n)
    expect(used).toBeLessThan(11_005_000_000n)
  })
})

describe('other kinds of long execution', () => {
  test('a callback', () => {
    const { net, id, sent } = start((other) =>
      program().callUpdate(other, program().reply(), { onReply: heavy(10).note('x').reply('answered') }),
    )
    net.tick(2)
    expect(net.state(id)).toBe('')
    expect(expectReply(net.await(sent, rounds)).text).toBe('answered')
    expect(net.state(id)).toBe('x')
  })

  test('a callback that fails, and its cleanup', () => {
    const { net, id, sent } = start((other) =>
      program().callUpdate(other, program().reply(), { onReply: heavy(10).trap('no'), onCleanup: program().note('cleaned') }),
    )
    net.tick(3)
    expect(net.state(id)).toBe('')
    expect(expectReject(net.await(sent, rounds))).toContain('IC0503')
    expect(net.state(id)).toBe('cleaned')
  })

  test.each(['heartbeat', 'global_timer', 'on_low_wasm_memory'] as const)('%s', (slot) => {
    const net = network()
    const id = net.install(tasks, program().on(slot, heavy(10).note('x')))
    if (slot === 'global_timer') expectReply(net.update(id, program().sys('global_timer_set', 1).op('drop').reply()))
    if (slot === 'on_low_wasm_memory') expectReply(net.updateSettings(id, { wasm_memory_limit: 1n, wasm_memory_threshold: 1n }))
    net.tick(3)
    expect(net.state(id)).toBe('')
    net.tick(8)
    expect(net.state(id)).not.toBe('')
  })

  test('a replicated query, of which nothing stays', () => {
    const net = network()
    const id = net.install(wasm)
    const sent = net.submit(id, 'query', program().burn(400_000_000).note('x').growHeap(1).reply('answered')) as Uint8Array
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    expect(expectReply(net.await(sent, 3)).text).toBe('answered')
    expect(net.state(id)).toBe('')
    expect(net.canister(id).callContexts.size).toBe(0)
  })
})

describe('meanwhile', () => {
  test('the canister runs nothing else', () => {
    const { net, id, sent } = start(() => heavy(10).note('long').reply())
    const next = net.send(id, program().note(' next').reply())
    net.tick(rounds - 1)
    expect(net.status(next)?.status).toBe('received')
    expectReply(net.await(sent, 1))
    expectReply(net.await(next, 1))
    expect(net.state(id)).toBe('long next')
  })

  test('responses wait too', () => {
    const { net, id, other } = start((callee) =>
      program().callUpdate(callee, program().reply('early'), { onReply: program().note('b').reply() }),
    )
    const long = net.send(id, heavy(10).note('a').reply())
    net.tick(rounds + 2)
    expectReply(net.await(long, 0))
    expect(net.state(id).split('').sort().join('')).toBe('ab')
    expect(net.canister(id).callbacks.size).toBe(0)
    expect(net.state(other)).toBe('')
  })

  test.each([
    ['update_settings', (id: Principal) => ({ canister_id: candid(id), settings: settingsRecord({}), sender_canister_version: [] })],
    ['stop_canister', (id: Principal) => ({ canister_id: candid(id) })],
    ['canister_status', (id: Principal) => ({ canister_id: candid(id) })],
    ['uninstall_code', (id: Principal) => ({ canister_id: candid(id), sender_canister_version: [] })],
    [
      'take_canister_snapshot',
      (id: Principal) => ({ canister_id: candid(id), replace_snapshot: [], uninstall_code: [], sender_canister_version: [] }),
    ],
    [
      'install_code',
      (id: Principal) => ({
        mode: { reinstall: null },
        canister_id: candid(id),
        wasm_module: wasm,
        arg: new Uint8Array(0),
        sender_canister_version: [],
      }),
    ],
  ])('%s of the canister waits, of others not', (method, arg) => {
    const { net, id, other, sent } = start(() => heavy(10).note('x').reply())
    net.tick()
    const ask = (target: Principal) =>
      net.submit(managementCanisterId, method, encodeManagement(method, arg(target)), { effectiveCanisterId: target }) as Uint8Array
    const [waiting, free] = [ask(id), ask(other)]
    net.tick(rounds - 2)
    expect(net.status(waiting)?.status).toBe('received')
    expectReply(net.await(free, 0))
    expectReply(net.await(sent, 1))
    expectReply(net.await(waiting, 2))
  })

  test('a canister that was asked to stop ends what it has begun, then stops', () => {
    const { net, id, sent } = start(() => heavy(10).note('x').reply())
    net.tick()
    const stopped = net.submit(managementCanisterId, 'stop_canister', stop(id), { effectiveCanisterId: id }) as Uint8Array
    expectReply(net.await(sent, rounds))
    expectReply(net.await(stopped, 2))
    expect(net.canister(id).status.kind).toBe('stopped')
  })

  test('resources are not charged, and for the whole time afterwards', () => {
    const { net, id, sent } = start(() => heavy(10).reply())
    net.advance(20)
    const paid = net.canister(id).consumedCycles.memory
    net.advance(20)
    net.advance(20)
    expect(net.canister(id).consumedCycles.memory).toBe(paid)
    expectReply(net.await(sent, rounds))
    net.advance(20)
    net.advance(20)
    const after = net.canister(id).lastChargedNanos
    expect(after).toBeGreaterThan(net.replica.timeNanos() - 20_000_000_000n)
  })

  test('fees of further messages fall due at the end', () => {
    const { net, id, sent } = start(() => heavy(10).reply())
    net.tick()
    const before = net.balance(id)
    const paid = net.canister(id).consumedCycles.ingress_induction
    const next = net.send(id, program().reply())
    expect(net.balance(id)).toBe(before)
    expectReply(net.await(sent, rounds))
    expectReply(net.await(next))
    expect(net.canister(id).consumedCycles.ingress_induction).toBeGreaterThan(paid)
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
  })

  test('an execution fails at its end when fees have taken the cycles that it burns', () => {
    const net = network()
    const id = net.install(wasm, '', { settings: { freezing_threshold: 0n } })
    const sent = net.send(
      id,
      heavy(5)
        .note('x')
        .amount('cycles_burn128', 0, 10n ** 18n)
        .op('drop')
        .op('drop')
        .reply(),
    )
    net.tick()
    net.send(id, program().reply(), { sender: otherUser })
    expect(expectReject(net.await(sent, rounds))).toMatch(
      new RegExp(`^IC0207 Canister ${id.toText()} is out of cycles: please top up the canister with at least [\\d_]+ additional cycles$`),
    )
    expect(net.state(id)).toBe('')
  })

  test.each([
    ['short', program().note('cleaned')],
    ['long', program().burn(400_000_000).note('cleaned')],
  ] as const)('a callback that fails at its end for want of cycles is cleaned up after: %s', (_, onCleanup) => {
    const net = network()
    const [id, other] = [net.install(wasm, '', { settings: { freezing_threshold: 0n } }), net.install(wasm)]
    const onReply = heavy(5)
      .note('x')
      .amount('cycles_burn128', 0, 10n ** 18n)
      .op('drop')
      .op('drop')
      .reply('burned')
    const sent = net.send(id, program().callUpdate(other, program().reply(), { onReply, onCleanup }))
    net.tick(2)
    net.send(id, program().reply(), { sender: otherUser })
    expect(expectReject(net.await(sent, 2 * rounds))).toMatch(new RegExp(`^IC0504 .*Canister ${id.toText()} is out of cycles`))
    expect(net.state(id)).toBe('cleaned')
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
  })

  test('a callback may use all that the fees have left', () => {
    const net = network()
    const [id, other] = [net.install(wasm, '', { settings: { freezing_threshold: 3600n } }), net.install(wasm)]
    const burnAll = program()
      .amount('cycles_burn128', 0, 10n ** 18n)
      .op('drop')
      .op('drop')
    const sent = net.send(
      id,
      program().callUpdate(other, program().reply(), {
        onReply: heavy(5).then(burnAll).reply('burned'),
      }),
    )
    net.tick(2)
    net.send(id, program().reply())
    // What it burned left the freezing threshold, and the fee is less.
    expect(expectReply(net.await(sent, rounds)).text).toBe('burned')
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
  })
})

describe('scheduling', () => {
  test('others run meanwhile, also new ones', () => {
    const { net, sent } = start(() => heavy(10).reply())
    for (let round = 0; round < rounds - 1; round++) {
      const id = net.install(wasm)
      expect(expectReply(net.update(id, program().reply('short'), { rounds: 1 })).text).toBe('short')
      if (net.status(sent)?.status === 'replied') break
    }
    expectReply(net.await(sent, rounds))
  })

  test('many long executions all come to their end, while short ones go on', () => {
    const net = network()
    const ids = Array.from({ length: 7 }, () => net.install(wasm))
    const short = net.install(wasm)
    const sent = ids.map((id) => net.send(id, heavy(5).reply()))
    for (let message = 0; message < 20; message++) expectReply(net.await(net.send(short, program().note('.').reply()), 3))
    for (const request of sent) expectReply(net.await(request, 30))
  })

  test('a canister with work to go on with has pending work', () => {
    const { net, sent } = start(() => heavy(10).reply())
    net.tick()
    expect(net.replica.hasPendingWork()).toBe(true)
    expectReply(net.await(sent))
    net.tick()
    expect(net.replica.hasPendingWork()).toBe(false)
  })
})

describe('a long installation', () => {
  const init = () => program().burn(600_000_000).note('init')

  test('leaves the old code in place until its last round', () => {
    const net = network()
    const id = net.install(wasm, program().note('old'))
    const arg = {
      mode: { reinstall: null },
      canister_id: candid(id),
      wasm_module: wasm,
      arg: init().bytes(),
      sender_canister_version: [],
    }
    const sent = net.submit(managementCanisterId, 'install_code', encodeManagement('install_code', arg), {
      effectiveCanisterId: id,
    }) as Uint8Array
    net.tick()
    expect(net.status(sent)?.status).toBe('processing')
    expect(net.state(id)).toBe('old')
    const waiting = net.send(id, program().note(' and more').reply())
    net.tick()
    expect(net.status(waiting)?.status).toBe('received')
    const { minted, held, burned } = net.replica.cyclesLedger()
    expect(minted).toBe(held + burned)
    expectReply(net.await(sent, 2))
    expectReply(net.await(waiting, 2))
    expect(net.state(id)).toBe('init and more')
  })

  test('keeps further installations waiting with what comes after them about their canisters, and nothing else', () => {
    const net = network()
    const [one, two, three] = [net.create(), net.create(), net.create()]
    const install = (id: Principal, arg: Program) =>
      net.submit(
        managementCanisterId,
        'install_code',
        encodeManagement('install_code', {
          mode: { install: null },
          canister_id: candid(id),
          wasm_module: wasm,
          arg: arg.bytes(),
          sender_canister_version: [],
        }),
        { effectiveCanisterId: id },
      ) as Uint8Array
    const first = install(one, init())
    const second = install(two, program().note('second'))
    const status = (id: Principal) =>
      net.submit(managementCanisterId, 'canister_status', encodeManagement('canister_status', { canister_id: candid(id) }), {
        effectiveCanisterId: id,
      }) as Uint8Array
    const [behind, free] = [status(two), status(three)]
    net.tick()
    expect([net.status(second)?.status, net.status(behind)?.status]).toEqual(['received', 'received'])
    expectReply(net.await(free, 1))
    expect(net.status(behind)?.status).toBe('received')
    expectReply(net.await(first))
    expectReply(net.await(second, 2))
    expectReply(net.await(behind, 1))
  })

  test('every function that it runs has a trace event of its own', () => {
    const trace = createTraceRecorder({ capacity: 1000 })
    const net = network({ trace })
    const code = universalCanister({ exports: ['pre_upgrade'], start: program().bytes() })
    const id = net.install(code, program().on('pre_upgrade', program().note('pre')))
    expectReply(net.upgrade(id, code))
    const kinds = trace
      .events()
      .filter(({ canisterId }) => canisterId === id.toText())
      .map(({ kind, outcome }) => `${kind} ${outcome}`)
    expect(kinds.filter((line) => !line.startsWith('query'))).toEqual([
      'management returned',
      'start returned',
      'init returned',
      'management returned',
      'pre_upgrade returned',
      'start returned',
      'post_upgrade returned',
      'management returned',
    ])
  })
})
