/** `canister_on_error`: what is told, what it is told with, and how much of it at most. */
import { IDL } from '@dfinity/candid'
import { describe, expect, test } from 'vitest'
import { expectReply, later, type Program, program, universalCanister } from '../../../../tests/support/index.ts'
import { hookModule, hookNetwork, hookState, setThresholds } from './support/hookNetwork.ts'

const name = 'canister_on_error'
const keepArgument = program().read('msg_arg_data').op('set_state').reply()
const errorType = IDL.Record({ code: IDL.Text, reject_code: IDL.Nat8, message: IDL.Text, backtrace: IDL.Opt(IDL.Text) })

function start(init: Program = program().on('on_error', keepArgument)) {
  const { net, ran } = hookNetwork()
  const id = net.install(hookModule, init)
  net.tick()
  const runs = () => ran().filter((event) => event.methodName === name).length
  const told = () => {
    const [method, args, error] = IDL.decode(
      [IDL.Text, IDL.Vec(IDL.Nat8), errorType],
      expectReply(net.query(id, program().replyState())).bytes,
    )
    return { method, args: [...(args as unknown as Uint8Array)], error }
  }
  return { net, id, runs, told }
}

describe('it is told', () => {
  test('of an update, with its argument and its error', () => {
    const { net, id, runs, told } = start()
    const body = program().note('lost').trap('broken')
    net.update(id, body)
    net.tick()
    expect(runs()).toBe(1)
    expect(told()).toMatchObject({ method: 'update', args: [...body.bytes()], error: { code: 'IC0503', reject_code: 5, backtrace: [] } })
    expect(JSON.stringify(told().error)).toContain('broken')
  })

  test('of a callback, by the method that made the call and its argument', () => {
    const { net, id, told } = start()
    const body = later(1, program().trap('callback'))
    net.update(id, body)
    net.tick(3)
    expect(told()).toMatchObject({ method: 'update', args: [...body.bytes()] })
    expect(net.canister(id).lifecycleHooks?.openArguments.size).toBe(0)
  })

  test('of a callback without the argument, when more than 4 MiB of open calls wait', () => {
    const { net, id, told } = start()
    const long = (body: Program) => later(2, program().blob(new Uint8Array(1_500_000)).op('drop').op('drop').then(body))
    for (let n = 0; n < 2; n++) net.send(id, long(program().reply()))
    net.send(id, long(program().trap('callback')))
    net.tick(6)
    expect(told()).toMatchObject({ method: 'update', args: [] })
    expect(net.canister(id).lifecycleHooks?.openArguments.size).toBe(0)
  })

  test.each<[title: string, provoke: Program, method: string]>([
    ['of a heartbeat', program().on('heartbeat', program().trap('beat')).reply(), 'canister_heartbeat'],
    ['of a timer', program().on('global_timer', program().trap('timer')).sys('global_timer_set', 1n).reply(), 'canister_global_timer'],
  ])('%s', (_, provoke, method) => {
    const { net, id, told } = start()
    net.update(id, provoke)
    net.tick(3)
    expect(told()).toMatchObject({ method, args: [] })
  })

  test('of another hook', () => {
    const { net, id, told } = start(program().on('on_error', keepArgument).on('on_low_heap_memory', program().trap('hook')))
    setThresholds(net, id, { low_heap_memory_threshold: 1n })
    net.tick(3)
    expect(told()).toMatchObject({ method: 'canister_on_low_heap_memory' })
  })

  test('not of a query, replicated or not, nor of a reject', () => {
    const { net, id, runs } = start()
    net.query(id, program().trap('no'))
    net.call(id, 'query', program().trap('no'))
    net.update(id, program().reject('no'))
    net.tick(2)
    expect(runs()).toBe(0)
  })
})

test('it sees the state as if the failed execution had not been', () => {
  const { net, id } = start(program().on('on_error', program().note('hook ').reply()))
  net.update(id, program().note('kept ').reply())
  net.update(id, program().note('lost ').trap('no'))
  net.tick()
  expect(net.state(id)).toBe('kept hook ')
})

describe('it is never told of itself', () => {
  test.each<[title: string, body: Program]>([
    ['of its own trap', program().trap('again')],
    ['of a trap of its callback', later(1, program().trap('again'))],
  ])('%s', (_, body) => {
    const { net, id, runs } = start(program().on('on_error', body))
    net.update(id, program().trap('first'))
    net.tick(6)
    expect(runs()).toBe(1)
  })
})

describe('its bound', () => {
  test('sixteen errors wait, more are counted and lost, one is told in a round', () => {
    const { net, id, runs } = start()
    for (let n = 0; n < 40; n++) net.send(id, program().trap(`error ${n}`))
    net.tick()
    expect(hookState(net, id, name)).toMatchObject({ state: 'pending', pending: 16, runs: 1n, dropped: 23n })
    net.tick(15)
    expect(runs()).toBe(16)
    net.tick(5)
    expect(hookState(net, id, name)).toMatchObject({ state: 'ran', pending: 0, runs: 17n, dropped: 23n, number: 18n })
  })

  test('a heartbeat that traps for ever, told by a hook of many rounds, does not keep messages from running', () => {
    const slow = program().burn(1_000_000_000).reply()
    const { net, id, runs } = start(program().on('on_error', slow).on('heartbeat', program().trap('for ever')))
    for (let n = 0; n < 5; n++) expectReply(net.update(id, program().note('x').reply(), { rounds: 60 }))
    expect(net.state(id)).toBe('xxxxx')
    expect(runs()).toBeGreaterThan(1)
    expect(hookState(net, id, name)?.pending).toBeLessThanOrEqual(16)
  })
})

describe('a reply of a hook is discarded', () => {
  test('also after a call', () => {
    const other = program().reply()
    const { net, ran } = hookNetwork()
    const callee = net.install(universalCanister())
    const body = program().callUpdate(callee, other, { onReply: program().note('back').reply() })
    const id = net.install(hookModule, program().on('post_init', body))
    net.tick(4)
    expect(net.state(id)).toBe('back')
    expect(ran()).toHaveLength(1)
    expect(net.canister(id).callContexts.size).toBe(0)
  })

  test('a second one traps, as it does everywhere', () => {
    const { net, ran } = hookNetwork()
    const callee = net.install(universalCanister())
    const body = program()
      .callUpdate(callee, program().reply(), { onReply: program().note('back').reply() })
      .reply()
    const id = net.install(hookModule, program().on('post_init', body))
    net.tick(4)
    expect(net.state(id)).toBe('')
    expect(ran().map((event) => event.methodName)).toEqual(['canister_post_init', name])
  })
})
