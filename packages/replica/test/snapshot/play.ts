/** Any sequence of what can happen to a subnet, for properties. */
import fc from 'fast-check'
import { type Program, type TestNetwork, candid, later, network, program, universalCanister } from '../../../../tests/support/index.ts'
import type { Principal } from '@tidemark/types'

export const modules = [universalCanister({ exports: ['heartbeat', 'global_timer'] }), universalCanister({ mode: 'wasm64' })]

type Step = (net: TestNetwork, id: Principal, other: Principal) => void

const send =
  (message: (other: Principal) => Program): Step =>
  (net, id, other) =>
    void net.submit(id, 'update', message(other))

const manage =
  (method: string, arg: (id: Principal) => Record<string, unknown>): Step =>
  (net, id) =>
    void net.managing(method, { canister_id: candid(id), ...arg(id) }, { effectiveCanisterId: id, rounds: 3 })

/** What can happen between two rounds, with canisters that may be stopped, empty or gone by then. */
const steps: Readonly<Record<string, Step>> = {
  note: send(() => program().note('x').replyState()),
  trap: send(() => program().growHeap(1).note('lost').trap('no')),
  grow: send(() => program().growHeap(2).note('grown').replyState()),
  certify: send(() => program().sys('certified_data_set', 'data').reply()),
  stable: send(() => program().sys('stable64_grow', 1).op('drop').sys('time').op('int_to_blob').op('append_state').reply()),
  later: send(() => later(2, program().read('msg_arg_data').replyTop())),
  timers: send(() =>
    program().sys('global_timer_set', 1n).op('drop').on('global_timer', program().note('t')).on('heartbeat', program().note('h')).reply(),
  ),
  call: send((other) =>
    program().callUpdate(other, program().note('y').sys('canister_version').replyInt(), {
      cycles: 5n,
      onReply: program().read('msg_arg_data').replyTop(),
    }),
  ),
  query: (net, id) => void net.query(id, program().note('q').replyState()),
  time: (net) => net.replica.advanceTime(12_000_000_000n),
  cycles: (net, id) => void net.replica.addCycles(id, 1_000_000n),
  memory: (net, id) => void net.replica.setStableMemory(id, new Uint8Array(70_000).fill(9)),
  stop: (net, id) => void (net.replica.canister(id) && net.lifecycle('stop_canister', id, { rounds: 3 })),
  start: (net, id) => void net.lifecycle('start_canister', id, { rounds: 3 }),
  uninstall: (net, id) => void net.lifecycle('uninstall_code', id, { rounds: 3 }),
  delete: (net, id) => void net.lifecycle('delete_canister', id, { rounds: 3 }),
  upgrade: (net, id) => void (net.replica.canister(id) && net.upgrade(id, modules[1]!)),
  install: (net) => void net.install(modules[0]!),
  settings: (net, id) => void net.updateSettings(id, { compute_allocation: 1n }),
  chunk: manage('upload_chunk', () => ({ chunk: Uint8Array.of(1, 2, 3) })),
  take: manage('take_canister_snapshot', () => ({ replace_snapshot: [], uninstall_code: [], sender_canister_version: [] })),
  load: (net, id) => {
    const snapshot = net.replica.canister(id)?.snapshots[0]
    if (snapshot === undefined) return
    manage('load_canister_snapshot', () => ({ snapshot_id: snapshot.id, sender_canister_version: [] }))(net, id, id)
  },
}

const names = Object.keys(steps)
export type Sequence = readonly (readonly [step: string, which: number, rounds: number])[]
export const sequence: fc.Arbitrary<Sequence> = fc.array(fc.tuple(fc.constantFrom(...names), fc.nat({ max: 2 }), fc.nat({ max: 2 })), {
  minLength: 0,
  maxLength: 8,
})

/** Takes the steps, and calls `after` after each. */
export function play(net: TestNetwork, inputs: Sequence, after: () => void = () => undefined): void {
  for (const [name, which, rounds] of inputs) {
    const ids = net.replica.canisters().map((canister) => canister.id)
    const id = ids[which % Math.max(1, ids.length)]
    const other = ids[(which + 1) % Math.max(1, ids.length)]
    if (id !== undefined && other !== undefined) steps[name]!(net, id, other)
    net.tick(rounds)
    after()
  }
}

/** A subnet with a canister of each kind of module. */
export function start(): TestNetwork {
  const net = network()
  for (const wasm of modules) net.install(wasm)
  return net
}
