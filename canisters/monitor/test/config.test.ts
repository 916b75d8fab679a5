import { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import { describe, expect, test } from 'vitest'
import { type Caller, mayManage, mayRead } from '../src/access.ts'
import { type Config, configure } from '../src/config.ts'

const alice = Principal.fromUint8Array(Uint8Array.of(1, 1))
const bob = Principal.fromUint8Array(Uint8Array.of(2, 2))

const init = (given: Partial<monitorTypes.Init>): monitorTypes.Init => ({
  interval_seconds: [],
  history_limit: [],
  installer: [],
  local_claim: [],
  visibility: [],
  ...given,
})
const installed = (given: Partial<monitorTypes.Init> = {}): Config => configure(undefined, init(given))
const user = (principal: Principal): Caller => ({ principal, isController: false })

describe('installing', () => {
  test('without arguments it polls every five seconds and shows the fleet to controllers only', () => {
    expect(configure(undefined, undefined)).toEqual({
      intervalSeconds: 5,
      historyLimit: 600,
      localClaim: false,
      visibility: { controllers: null },
    })
  })

  test('given fields win over the defaults', () => {
    expect(installed({ interval_seconds: [1], local_claim: [true], installer: [alice] })).toMatchObject({
      intervalSeconds: 1,
      localClaim: true,
      installer: alice,
    })
  })

  test.each([
    [{ interval_seconds: [0] as [number] }, 'interval_seconds must be between 1 and 86400, not 0.'],
    [{ interval_seconds: [86_401] as [number] }, 'interval_seconds must be between 1 and 86400, not 86401.'],
    [{ history_limit: [0] as [number] }, 'history_limit must be between 1 and 5000, not 0.'],
    [{ history_limit: [5_001] as [number] }, 'history_limit must be between 1 and 5000, not 5001.'],
  ])('%j is refused', (given, message) => {
    expect(() => installed(given)).toThrow(message)
  })
})

describe('upgrading', () => {
  const before: Config = { ...installed({ interval_seconds: [9], installer: [alice] }), claimant: bob }

  test('without arguments nothing changes', () => {
    expect(configure(before, undefined)).toEqual(before)
  })

  test('a field that is null keeps its value, and who claimed stays', () => {
    expect(configure(before, init({ history_limit: [7] }))).toEqual({ ...before, historyLimit: 7 })
  })
})

describe('who may register canisters', () => {
  const config: Config = { ...installed({ installer: [alice], visibility: [{ public: null }] }), claimant: bob }

  test.each([
    ['a controller of the monitor', { principal: Principal.anonymous(), isController: true }, true],
    ['the installer', user(alice), true],
    ['who claimed the fleet', user(bob), true],
    ['anyone else', user(Principal.anonymous()), false],
  ])('%s: %#', (_, caller, expected) => {
    expect(mayManage(config, caller)).toBe(expected)
  })
})

describe('who may read', () => {
  test.each([
    ['controllers', { controllers: null }, false, false],
    ['public', { public: null }, true, true],
    ['viewers', { allowed_viewers: [bob] }, false, true],
  ] as const)('visibility %s', (_, visibility, strangerReads, bobReads) => {
    const config = installed({
      visibility: ['allowed_viewers' in visibility ? { allowed_viewers: [...visibility.allowed_viewers] } : visibility],
    })
    expect(mayRead(config, user(Principal.anonymous()))).toBe(strangerReads)
    expect(mayRead(config, user(bob))).toBe(bobReads)
    expect(mayRead(config, { principal: alice, isController: true })).toBe(true)
  })
})
