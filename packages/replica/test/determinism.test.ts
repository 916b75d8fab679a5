/** The same inputs give the same state on every replica, down to the digest of the certified tree. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Program, type TestNetwork, later, network, program, universalCanister } from '../../../tests/support/index.ts'

const modules = [universalCanister({ exports: ['heartbeat', 'global_timer'] }), universalCanister({ mode: 'wasm64' })]

/** Certificate of the whole tree: everything that is not asked for is there as a digest. */
const certified = (net: TestNetwork) => Buffer.from(net.replica.certificate([])).toString('hex')

const messages: readonly ((other: Parameters<Program['callUpdate']>[0]) => Program)[] = [
  () => program().note('x').replyState(),
  () => program().trap('no'),
  () => program().growHeap(1).reply(),
  () => program().sys('certified_data_set', 'data').reply(),
  () => program().sys('stable64_grow', 1).op('drop').reply(),
  () => later(2, program().read('msg_arg_data').replyTop()),
  () => program().sys('time').op('int_to_blob').op('append_state').replyState(),
  () =>
    program().sys('global_timer_set', 1n).op('drop').on('global_timer', program().note('t')).on('heartbeat', program().note('h')).reply(),
  (other) =>
    program().callUpdate(other, program().note('y').sys('canister_version').replyInt(), {
      cycles: 5n,
      onReply: program().read('msg_arg_data').replyTop(),
    }),
]

function play(inputs: readonly (readonly [kind: number, rounds: number])[], options: Parameters<typeof network>[0] = {}): string[] {
  const net = network(options)
  const ids = modules.map((wasm) => net.install(wasm))
  const seen: string[] = []
  inputs.forEach(([kind, rounds], n) => {
    const [id, other] = n % 2 === 0 ? [ids[0], ids[1]] : [ids[1], ids[0]]
    if (id === undefined || other === undefined) throw new Error('two canisters are expected')
    net.submit(id, 'update', messages[kind]!(other))
    net.query(id, program().note('q').replyState())
    net.tick(rounds)
    seen.push(certified(net))
  })
  return seen
}

const inputs = fc.array(fc.tuple(fc.nat({ max: messages.length - 1 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 12 })

describe('determinism', () => {
  test('two replicas that get the same inputs agree after every round', () => {
    fc.assert(
      fc.property(inputs, (sequence) => {
        expect(play(sequence)).toEqual(play(sequence))
      }),
      { numRuns: 12, seed: 7 },
    )
  })

  test.each<[title: string, change: (sequence: [number, number][]) => [number, number][], options?: Parameters<typeof network>[0]]>([
    ['another message', (sequence) => [[3, 1], ...sequence.slice(1)]],
    ['one more round', ([first, ...rest]) => [[first![0], first![1] + 1], ...rest]],
    ['another seed', (sequence) => sequence, { seed: new Uint8Array(32).fill(1) }],
    ['another start', (sequence) => sequence, { initialTimeNanos: 1n }],
  ])('%s gives another state', (_, change, options) => {
    const sequence: [number, number][] = [
      [0, 1],
      [5, 2],
      [8, 1],
    ]
    expect(play(change(sequence), options).at(-1)).not.toBe(play(sequence).at(-1))
  })

  test('randomness comes from the seed and the round', () => {
    const random = (seed: number) => {
      const net = network({ seed: new Uint8Array(32).fill(seed) })
      const id = net.install(modules[1]!)
      const outcomes = [0, 1].map(() => net.update(id, later(1, program().read('msg_arg_data').replyTop())))
      return JSON.stringify(outcomes, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value))
    }
    expect(random(1)).toBe(random(1))
    expect(random(1)).not.toBe(random(2))
    const [first, second] = JSON.parse(random(1)) as { bytes: number[] }[]
    expect(first!.bytes).not.toEqual(second!.bytes)
  })
})
