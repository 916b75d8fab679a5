/** Whether `call_perform` finds room for one more call. */
import { Principal } from '@tidemark/types'
import { describe, expect, test } from 'vitest'
import { type Program, program } from '../../../../tests/support/index.ts'
import { Bench } from './bench.ts'

/** A canister that is not there. */
const nobody = Principal.canister(0xffff_ffff_ffe0_0fffn)
const perform = (timeoutSeconds?: number) =>
  program()
    .prepareCall(nobody, 'm', '', timeoutSeconds === undefined ? {} : { timeoutSeconds })
    .sys('call_perform')

/** Results of the calls that a program makes on a subnet with so many calls open. */
function results(open: { readonly count: number; readonly guaranteed: number }, bodies: readonly Program[]): number[] {
  const bench = new Bench('wasm32')
  const body = program()
  for (const one of bodies) body.then(one).op('int_to_blob').sys('msg_reply_data_append')
  bench.load(body.sys('msg_reply'))
  Object.assign(bench.env, { openCalls: { count: () => open.count, guaranteed: () => open.guaranteed } })
  const { answer, error } = bench.run('update')
  if (answer?.kind !== 'reply') throw new Error(error?.message)
  return Array.from({ length: bodies.length }, (_, n) => answer.data[n * 8] ?? -1)
}

describe('room for a call', () => {
  // 15 GiB in responses of 2 MiB.
  test.each([
    ['the last guaranteed response that fits, and the next', { count: 0, guaranteed: 7679 }, [perform(), perform()], [0, 2]],
    ['no guaranteed response, but best effort', { count: 0, guaranteed: 7680 }, [perform(), perform(5), perform(5)], [2, 0, 0]],
    [
      'fifty callbacks of a canister when the subnet has its million',
      { count: 1_000_000, guaranteed: 0 },
      Array.from({ length: 51 }, () => perform(5)),
      [...Array.from({ length: 50 }, () => 0), 2],
    ],
    [
      'more than fifty before that',
      { count: 999_900, guaranteed: 0 },
      Array.from({ length: 60 }, () => perform(5)),
      Array.from({ length: 60 }, () => 0),
    ],
    [
      '500 calls to one canister',
      { count: 0, guaranteed: 0 },
      Array.from({ length: 501 }, () => perform(5)),
      [...Array.from({ length: 500 }, () => 0), 2],
    ],
  ])('%s', (_, open, bodies, expected) => {
    expect(results(open, bodies)).toEqual(expected)
  })
})
