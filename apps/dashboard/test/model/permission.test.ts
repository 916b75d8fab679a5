import { describe, expect, test } from 'vitest'
import { failureText } from '../../src/model/failure.ts'
import type { FeedState } from '../../src/model/feedState.ts'
import { initialFeedState } from '../../src/model/feedState.ts'
import { networkStateOf, waitingText } from '../../src/model/networkState.ts'
import { blockedReason, mayClaim } from '../../src/model/permission.ts'
import type { ClaimState } from '../../src/model/sample.ts'
import { sampleOf } from '../samples.ts'

const me = 'rrkah-fqaaa-aaaaa-aaaaq-cai'
const canisterId = 'bkyz2-fmaaa-aaaaa-qaaaq-cai'

const stateOf = (change: { principal?: string; claim?: ClaimState; controllers?: readonly string[]; isLocal?: boolean }): FeedState => {
  const { principal, claim = { kind: 'open' }, controllers = ['aaaaa-aa'], isLocal = true } = change
  const sample = sampleOf()
  return {
    ...initialFeedState(isLocal),
    hookCanisters: new Map([['low_wasm_memory_hook', canisterId]]),
    fleet: {
      polledAtNanos: 0n,
      intervalSeconds: 5,
      claim,
      canisters: [{ canisterId, latest: { ...sample, settings: { ...sample.settings, controllers } } }],
    },
    ...(principal === undefined ? {} : { principal }),
  }
}

describe('who may change settings', () => {
  const cases = [
    { name: 'nobody is logged in', state: stateOf({}), reason: /^Log in/, claim: false },
    {
      name: 'a stranger on an unclaimed local network',
      state: stateOf({ principal: me }),
      reason: /Claim this local network/,
      claim: true,
    },
    {
      name: 'a stranger on a claimed network',
      state: stateOf({ principal: me, claim: { kind: 'claimed', by: 'aaaaa-aa' } }),
      reason: /only a controller/,
      claim: false,
    },
    {
      name: 'a stranger where claiming is off',
      state: stateOf({ principal: me, claim: { kind: 'disabled' } }),
      reason: /only a controller/,
      claim: false,
    },
    {
      name: 'a stranger on the public network',
      state: stateOf({ principal: me, isLocal: false }),
      reason: /only a controller/,
      claim: false,
    },
    { name: 'a controller', state: stateOf({ principal: me, controllers: [me] }), reason: undefined, claim: false },
  ]
  test.each(cases)('$name', ({ state, reason, claim }) => {
    if (reason === undefined) expect(blockedReason(state)).toBeUndefined()
    else expect(blockedReason(state)).toMatch(reason)
    expect(mayClaim(state)).toBe(claim)
  })
})

describe('what went wrong, in one line', () => {
  const agentError = [
    'The replica returned a rejection error:',
    '  Request ID: 07af',
    '  Reject code: 5',
    '  Reject text: Only controllers of canister bkyz2 can call ic00 method update_settings',
    '  Error code: IC0512',
    '',
    'Call context:',
    '  Canister ID: aaaaa-aa',
  ].join('\n')
  const cases = [
    { error: new Error(agentError), text: 'Only controllers of canister bkyz2 can call ic00 method update_settings (IC0512)' },
    { error: new Error('Failed to fetch HTTP request: TypeError: Failed to fetch'), text: 'The network does not answer.' },
    { error: new Error('First line.\nmore'), text: 'First line.' },
    { error: new Error('Reject text: No module..'), text: 'No module.' },
    { error: new Error(''), text: 'Something went wrong without saying what.' },
    { error: 'plain', text: 'plain' },
  ]
  test.each(cases)('$text', ({ error, text }) => {
    expect(failureText(error)).toBe(text)
  })
})

describe('the network', () => {
  test.each([
    { name: 'connecting', state: initialFeedState(true), shown: { kind: 'connecting', name: 'Local network' } },
    { name: 'live', state: stateOf({}), shown: { kind: 'live', detail: '1 canister watched, every 5 s' } },
    {
      name: 'in trouble',
      state: { ...stateOf({ isLocal: false }), trouble: 'Failed to fetch' },
      shown: { kind: 'trouble', name: 'Internet Computer', detail: 'Failed to fetch' },
    },
  ])('is shown $name', ({ state, shown }) => {
    expect(networkStateOf(state)).toMatchObject(shown)
  })
})

test.each([
  { name: 'before anything is known', state: initialFeedState(true), text: 'Connecting to the network…' },
  {
    name: 'when the network does not answer',
    state: { ...initialFeedState(true), trouble: 'Failed to fetch' },
    text: 'The network cannot be read: Failed to fetch',
  },
  {
    name: 'where the example is missing',
    state: { ...stateOf({}), hookCanisters: new Map() },
    text: 'The hook example is not deployed on this network.',
  },
])('in place of the hook canister, $name: $text', ({ state, text }) => {
  expect(waitingText(state)).toBe(text)
})
