/** Heartbeats and global timers. */
import { describe, expect, test } from 'vitest'
import { managementCanisterId } from '@tidemark/types'
import { type Program, expectNumber, expectReply, network, program, universalCanister } from '../../../../tests/support/index.ts'

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'pre_upgrade'] })
const second = 1_000_000_000n
const setTimer = (nanos: bigint) => program().sys('global_timer_set', nanos).op('drop')
const note = (letter: string) => program().note(letter)

function start(init: Program, cycles?: bigint) {
  const net = network()
  const id = net.install(wasm, init, cycles === undefined ? {} : { cycles })
  return { net, id }
}

describe('a heartbeat', () => {
  test('runs once a round, after the round of the installation', () => {
    const { net, id } = start(program().on('heartbeat', note('h')))
    const before = net.state(id).length
    net.tick(5)
    expect(net.state(id)).toHaveLength(before + 5)
  })

  test('is called by the management canister, without an answer to give', () => {
    const { net, id } = start(program().on('heartbeat', program().sys('msg_caller_size').op('int_to_blob').op('append_state')))
    net.tick()
    expect(expectNumber(net.query(id, program().op('get_state').op('blob_to_int').replyInt()))).toBe(
      BigInt(managementCanisterId.bytes.length),
    )
  })

  test('may make calls, whose callbacks run in its context', () => {
    const { net, id } = start(program())
    const other = net.install(universalCanister(), '')
    const beat = program()
      .callUpdate(other, program().note('b').reply(), { onReply: note('c') })
      .note('a')
    expectReply(net.update(id, program().on('heartbeat', beat).reply()))
    net.tick()
    expect(net.state(id).slice(0, 2)).toBe('ac')
    expect(net.state(other)[0]).toBe('b')
    expect(net.canister(id).callContexts.size).toBe(0)
  })

  test('that traps is rolled back, charged and logged, and comes again', () => {
    const { net, id } = start(program().on('heartbeat', note('x').trap('broken')))
    const logged = net.log(id).length
    const balance = net.balance(id)
    net.tick(2)
    expect(net.state(id)).toBe('')
    expect(net.log(id).slice(logged)).toEqual(['[TRAP]: broken', '[TRAP]: broken'])
    expect(net.balance(id)).toBeLessThan(balance - 10_000_000n)
  })

  test('does not run in a stopped canister, nor in a frozen one', () => {
    const { net, id } = start(program().on('heartbeat', note('h')))
    expectReply(net.lifecycle('stop_canister', id))
    const stopped = net.canister(id).version
    net.tick(3)
    expect(net.canister(id).version).toBe(stopped)
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(net.canister(id).version).toBeGreaterThan(stopped + 1n)
    net.updateSettings(id, { freezing_threshold: 10n ** 15n })
    const frozen = net.canister(id).version
    net.tick(3)
    expect(net.canister(id).version).toBe(frozen)
  })
})

describe('a global timer', () => {
  test('fires once, when its time has come', () => {
    const { net, id } = start(program().on('global_timer', note('t')))
    const due = net.replica.timeNanos() + 10n * second
    expectReply(net.update(id, setTimer(due).reply()))
    net.replica.tick(due - 1n)
    expect(net.state(id)).toBe('')
    net.replica.tick(due)
    net.tick(3)
    expect(net.state(id)).toBe('t')
  })

  test('in the past fires in the next round', () => {
    const { net, id } = start(program().on('global_timer', note('t')))
    expectReply(net.update(id, setTimer(1n).reply()))
    net.tick()
    expect(net.state(id)).toBe('t')
  })

  test('is off inside its own execution, and can be set there again', () => {
    const again = program().sys('global_timer_set', 1n).op('int_to_blob').op('append_state')
    const { net, id } = start(program().on('global_timer', again))
    expectReply(net.update(id, setTimer(1n).reply()))
    net.tick(3)
    const { bytes } = expectReply(net.query(id, program().replyState()))
    expect(bytes.length).toBeGreaterThanOrEqual(16)
    expect(bytes.every((byte) => byte === 0)).toBe(true)
  })

  test('stays off when it traps, even if it was set again before', () => {
    const { net, id } = start(program().on('global_timer', program().note('t').then(setTimer(1n)).trap('no')))
    expectReply(net.update(id, setTimer(1n).reply()))
    net.tick(3)
    expect(net.canister(id).globalTimerNanos).toBe(0n)
    expect(net.log(id)).toEqual(['[TRAP]: no'])
  })

  test('returns the time set before, and 0 switches it off', () => {
    const { net, id } = start(program())
    expect(
      expectNumber(
        net.update(
          id,
          program()
            .sys('global_timer_set', 10n ** 19n)
            .replyInt(),
        ),
      ),
    ).toBe(0n)
    expect(expectNumber(net.update(id, program().sys('global_timer_set', 5n).op('drop').sys('global_timer_set', 0n).replyInt()))).toBe(5n)
    net.tick(2)
    expect(net.canister(id).globalTimerNanos).toBe(0n)
  })

  test('set by a message that traps is not set', () => {
    const { net, id } = start(program())
    net.update(id, setTimer(10n ** 19n).trap('no'))
    expect(net.canister(id).globalTimerNanos).toBe(0n)
  })

  test('waits while the canister is stopped', () => {
    const { net, id } = start(program().on('global_timer', note('t')))
    expectReply(net.update(id, setTimer(net.replica.timeNanos() + second).reply()))
    expectReply(net.lifecycle('stop_canister', id))
    net.advance(5)
    expect(net.canister(id).globalTimerNanos).not.toBe(0n)
    expectReply(net.lifecycle('start_canister', id))
    net.tick()
    expect(net.state(id)).toBe('t')
  })
})

test('timer, heartbeat and messages take turns at being first', () => {
  const { net, id } = start(
    program()
      .on('heartbeat', note('h'))
      .on('global_timer', note('t').then(setTimer(1n))),
  )
  expectReply(net.update(id, program().setState('').then(setTimer(1n)).reply()))
  const before = net.state(id).length
  for (let round = 0; round < 9; round++) {
    net.send(id, note('m').reply())
    net.tick()
  }
  const order = net.state(id).slice(before)
  expect(order.match(/m/g)).toHaveLength(9)
  // When it is the turn of messages, neither task runs in that round.
  expect(order).toMatch(/^(?:thm|htm|m|th|ht)+$/)
  expect(order).toContain('th')
  expect(order).toContain('ht')
  expect(order).toContain('mm')
})
