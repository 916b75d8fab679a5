/** Waiting for post-init ends, whatever the hook does. */
import { expect, test } from 'vitest'
import { awaitPostInit } from '../../src/deploy/postInit/awaitPostInit.ts'

/** Looks at states one after the other, the last one over and over; time passes in pauses only. */
function waiting(states: readonly (string | undefined)[]) {
  let looks = 0
  let millis = 0
  const read = async () => {
    const state = states[Math.min(looks++, states.length - 1)]
    return state === undefined ? undefined : { state: { [state]: null }, reason: ['no luck'] }
  }
  const clock = { now: () => millis, pause: async (passed: number) => void (millis += passed) }
  return { outcome: awaitPostInit('counter', read, clock), looks: () => looks, millis: () => millis }
}

test.each<[states: (string | undefined)[], isCalled: boolean]>([
  [['pending', 'pending', 'ran'], true],
  [['ran'], true],
  [[undefined], false],
])('%j ends well', async (states, isCalled) => {
  const { outcome, looks } = waiting(states)
  expect(await outcome).toBe(isCalled)
  expect(looks()).toBe(states.length)
})

test.each(['trapped', 'skipped'])('a hook that is %s is told with its reason', async (state) => {
  await expect(waiting(['pending', state]).outcome).rejects.toMatchObject({
    message: 'canister_post_init of counter failed; the canister has its first module.',
    why: 'no luck',
  })
})

test('a hook that stays pending is waited for two minutes, and then told with what to do', async () => {
  const { outcome, millis } = waiting(['pending'])
  await expect(outcome).rejects.toMatchObject({
    message: 'canister_post_init of counter is still pending; the canister has its first module.',
    why: expect.stringContaining('within 2 minutes'),
    remedy: expect.stringContaining('tidemark canister hooks counter'),
  })
  expect(millis()).toBe(120_000)
})
