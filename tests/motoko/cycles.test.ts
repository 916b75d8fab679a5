/** Cycles that Motoko programs attach, accept, get back and burn. */
import { beforeAll, describe, expect, test } from 'vitest'
import { compilePrograms, compileTimeout } from './support/programs.ts'
import { Stage } from './support/stage.ts'

let programs: ReadonlyMap<string, Uint8Array>

beforeAll(async () => {
  programs = await compilePrograms(['cycles_bank', 'cycles_client'])
}, compileTimeout)

function bankAndClient() {
  const stage = new Stage(programs)
  const bank = stage.actor('cycles_bank', { as: 'bank' })
  const client = stage.actor('cycles_client', { as: 'client' })
  return { stage, bank, client, bankId: bank.id.toText() }
}

describe('attached cycles', () => {
  test.each([
    ['are taken in full', 1_000n, 1_000n, [1_000n, 0n]],
    ['are taken in part, the rest comes back', 1_000n, 300n, [300n, 700n]],
    ['are refused altogether', 1_000n, 0n, [0n, 1_000n]],
    ['are no more than were attached', 1_000n, 5_000n, [1_000n, 0n]],
    ['may be more than 64 bits hold', 1n << 65n, 1n << 64n, [1n << 64n, 1n << 64n]],
  ])('%s', (_, amount, limit, expected) => {
    const { stage, bank, client, bankId } = bankAndClient()
    if (amount > 1n << 60n) stage.topUp(client.id, amount * 2n)
    const before = [stage.balance(bank.id), stage.balance(client.id)] as const
    const events = stage.events(() => expect(client.call('pay', bankId, amount, limit)).toEqual(expected))
    const charged = (id: string) =>
      events.filter(({ canisterId }) => canisterId === id).reduce((sum, event) => sum + event.cyclesCharged, 0n)
    const [taken] = expected
    // The bank paid for its own message only; the client also for the call and its answer.
    expect(stage.balance(bank.id)).toBe(before[0] + (taken ?? 0n) - charged(bankId))
    expect(stage.balance(client.id)).toBeLessThan(before[1] - (taken ?? 0n) - charged(client.id.toText()))
    expect(stage.balance(client.id)).toBeGreaterThan(before[1] - (taken ?? 0n) - 100_000_000n)
  })

  test('are taken in several steps', () => {
    const { client, bankId } = bankAndClient()
    expect(client.call('twice', bankId)).toBe('((100, 900, 0), 0)')
  })

  test('are taken after an await of the callee', () => {
    const { stage, client, bankId } = bankAndClient()
    const trace = stage.trace(() => expect(client.call('late', bankId)).toEqual([5_000n, 0n]))
    expect(trace).toEqual([
      'client update late',
      'bank update takeAfterAwait',
      'bank update __motoko_async_helper',
      'bank reply_callback __motoko_async_helper',
      'client reply_callback takeAfterAwait',
    ])
  })

  test.each([
    ['come back when the callee traps after it took them', true, 'trap', 0n],
    ['stay taken when the callee throws', false, 'kept your cycles', 1_000n],
  ])('%s', (_, trap, answer, taken) => {
    const { stage, bank, client, bankId } = bankAndClient()
    const before = stage.balance(bank.id)
    const events = stage.events(() => expect(client.call('failing', bankId, trap)).toBe(answer))
    const charged = events.find(({ canisterId }) => canisterId === bankId)?.cyclesCharged ?? 0n
    expect(stage.balance(bank.id)).toBe(before + taken - charged)
    expect(events.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'update returned',
      trap ? 'update trapped' : 'update returned',
      'reject_callback returned',
    ])
  })

  test('belong to one call', () => {
    const { client, bankId } = bankAndClient()
    expect(client.call('none', bankId)).toBe(0n)
    expect(client.call('parenthetical', bankId)).toEqual([250n, 0n])
  })

  test('that are not there fail the call and leave the balance', () => {
    const { stage, client, bankId } = bankAndClient()
    const before = stage.balance(client.id)
    const trace = stage.trace(() => expect(client.fail('tooMuch', bankId)).toMatch(/IC0504|IC0503/))
    expect(trace).toEqual(['client update tooMuch!'])
    expect(before - stage.balance(client.id)).toBeLessThan(50_000_000n)
  })
})

test('cycles are burned', () => {
  const { stage, client } = bankAndClient()
  const before = stage.replica.cyclesLedger().burned
  expect(client.call('burn', 1_000_000_000n)).toBe(1_000_000_000n)
  expect(stage.replica.cyclesLedger().burned - before).toBeGreaterThan(1_000_000_000n)
})

test('a program sees the balance that it has', () => {
  const { stage, bank } = bankAndClient()
  expect(bank.query('balance')).toBe(stage.balance(bank.id))
})
