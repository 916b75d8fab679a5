import { Principal } from '@dfinity/principal'
import { describe, expect, test } from 'vitest'
import { claimState, whyNotClaim, withController } from '../src/claim.ts'
import type { Config } from '../src/config.ts'

const alice = Principal.fromUint8Array(Uint8Array.of(1, 1))
const bob = Principal.fromUint8Array(Uint8Array.of(2, 2))
const open: Config = { intervalSeconds: 1, historyLimit: 10, localClaim: true, visibility: { public: null } }

describe('claiming the fleet', () => {
  test('whoever comes first may, and again', () => {
    expect(whyNotClaim(open, alice)).toBeUndefined()
    expect(whyNotClaim({ ...open, claimant: alice }, alice)).toBeUndefined()
  })

  test.each([
    ['when the monitor was not installed for it', { ...open, localClaim: false }, alice, 'was not installed with local_claim'],
    ['even for who claimed before, once it is switched off', { ...open, localClaim: false, claimant: alice }, alice, 'local_claim'],
    ['without logging in', open, Principal.anonymous(), 'log in first'],
    ['when somebody else did', { ...open, claimant: bob }, alice, `${bob.toText()} has claimed`],
  ])('is refused %s', (_, config, caller, reason) => {
    expect(whyNotClaim(config, caller)).toContain(reason)
  })

  test('readers see whether it is possible', () => {
    expect(claimState({ ...open, localClaim: false })).toEqual({ Disabled: null })
    expect(claimState(open)).toEqual({ Open: null })
    expect(claimState({ ...open, claimant: bob })).toEqual({ ClaimedBy: bob })
  })
})

describe('adding a controller', () => {
  test('keeps those that are there', () => {
    expect(withController([bob], alice)).toEqual([bob, alice])
  })

  test('is not needed for one that is there', () => {
    expect(withController([bob, alice], alice)).toBeUndefined()
  })

  test('fails when there are as many as the network allows', () => {
    const ten = Array.from({ length: 10 }, (_, index) => Principal.fromUint8Array(Uint8Array.of(9, index)))
    expect(() => withController(ten, alice)).toThrow('The canister has 10 controllers')
  })
})
