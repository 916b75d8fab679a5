/** Whatever canisters may do to each other and have done to them, as data: for properties. */
import { Principal, managementCanisterId } from '@tidemark/types'
import fc from 'fast-check'
import { expect } from 'vitest'
import { candid, encodeManagement } from './management.ts'
import { type TestNetwork, type TestPort, user } from './network.ts'
import { universalCanister } from './universal/assemble.ts'
import { heavy } from './universal/heavy.ts'
import { later } from './universal/later.ts'
import { type CallParts, type Program, program } from './universal/program.ts'

const tasks = universalCanister({ exports: ['heartbeat', 'global_timer'] })
/** Canisters that take part. */
export const canisters = 3
const nobody = Principal.canister(0xffff_ffff_ffe0_0fffn)

/** What a message does, as data. */
interface Work {
  readonly steps: readonly Step[]
  readonly end: 'reply' | 'reject' | 'trap' | 'silence'
}
type Step =
  | { readonly do: 'note' | 'accept' | 'grow' | 'setTimer' | 'long' }
  | { readonly do: 'later'; readonly rounds: number; readonly work: Work }
  | { readonly do: 'call'; readonly to: number; readonly method: string; readonly work: Work; readonly parts: Parts }
  | { readonly do: 'manage'; readonly to: number; readonly method: Managing; readonly parts: Parts }
interface Parts {
  readonly answered: Work
  readonly cleanup: 'none' | 'note' | 'trap'
  readonly cycles: number
  readonly timeoutSeconds: number | undefined
}
type Managing = 'stop_canister' | 'start_canister' | 'canister_status' | 'deposit_cycles' | 'uninstall_code' | 'install_code'

const managing = fc.constantFrom<Managing[]>(
  'stop_canister',
  'start_canister',
  'canister_status',
  'deposit_cycles',
  'uninstall_code',
  'install_code',
)

/** Work whose calls are nested so many levels deep. */
function work(depth: number): fc.Arbitrary<Work> {
  const simple = fc.constantFrom('note', 'accept', 'grow', 'setTimer', 'long').map((what): Step => ({ do: what as 'note' }))
  const end = fc.constantFrom<Work['end'][]>('reply', 'reply', 'reject', 'trap', 'silence')
  if (depth === 0) return fc.record({ steps: fc.array(simple, { maxLength: 1 }), end })
  const inner = work(depth - 1)
  const parts: fc.Arbitrary<Parts> = fc.record({
    answered: inner,
    cleanup: fc.constantFrom('none', 'none', 'note', 'trap'),
    cycles: fc.nat(10_000_000_000),
    timeoutSeconds: fc.option(fc.nat(5), { nil: undefined }),
  })
  const to = fc.nat(canisters)
  const method = fc.constantFrom('update', 'update', 'update', 'query', 'missing')
  const steps = fc.oneof(
    simple,
    fc.record({ do: fc.constant('later' as const), rounds: fc.integer({ min: 1, max: 3 }), work: inner }),
    { arbitrary: fc.record({ do: fc.constant('call' as const), to, method, work: inner, parts }), weight: 3 },
    fc.record({ do: fc.constant('manage' as const), to: fc.nat(canisters - 1), method: managing, parts }),
  )
  return fc.record({ steps: fc.array(steps, { maxLength: 3 }), end })
}

const event = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('ask' as const), to: fc.nat(canisters - 1), work: work(3) }), weight: 3 },
  fc.record({ do: fc.constant('manage' as const), to: fc.nat(canisters - 1), method: managing }),
  fc.record({ do: fc.constant('pass' as const), rounds: fc.nat(3), seconds: fc.nat(6) }),
)

/** Some happenings, one after the other. */
export const anyHappenings = fc.array(event, { minLength: 3, maxLength: 15 })
type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never

/** Plays them on canisters that control one another. @returns ids of the requests that were taken in */
export function playHappenings<Port extends TestPort>(
  net: TestNetwork<Port>,
  ids: readonly Principal[],
  happenings: readonly Happening[],
  afterEach: () => void,
): Uint8Array[] {
  for (const id of ids) net.updateSettings(id, { controllers: [...ids, user] })
  const asked: Uint8Array[] = []
  for (const happening of happenings) {
    if (happening.do === 'pass') {
      net.tick(happening.rounds)
      net.advance(happening.seconds)
      continue
    }
    const id = ids[happening.to] ?? nobody
    const sent =
      happening.do === 'ask'
        ? net.submit(id, 'update', programOf(ids, happening.work))
        : net.submit(managementCanisterId, happening.method, argumentOf(happening.method, id), { effectiveCanisterId: id })
    if (sent instanceof Uint8Array) asked.push(sent)
    afterEach()
  }
  return asked
}

function programOf(ids: readonly Principal[], { steps, end }: Work): Program {
  const body = program()
  for (const step of steps) addStep(ids, body, step)
  if (end === 'reply') return body.reply('done')
  if (end === 'reject') return body.reject('no')
  return end === 'trap' ? body.trap('broken') : body
}

function addStep(ids: readonly Principal[], body: Program, step: Step): void {
  switch (step.do) {
    case 'note':
      return void body.note('.')
    case 'accept':
      return void body.amount('msg_cycles_accept128', 0n, 1_000_000_000n).op('drop').op('drop')
    case 'grow':
      return void body.growHeap(1)
    case 'setTimer':
      return void body.sys('global_timer_set', 1).op('drop')
    case 'long':
      return void body.then(heavy(3))
    case 'later':
      return void body.then(later(step.rounds, programOf(ids, step.work)))
    case 'call':
      return void body.call(ids[step.to] ?? nobody, step.method, programOf(ids, step.work), partsOf(ids, step.parts)).op('drop')
    case 'manage':
      return void body
        .call(managementCanisterId, step.method, argumentOf(step.method, ids[step.to] ?? nobody), partsOf(ids, step.parts))
        .op('drop')
  }
}

function partsOf(ids: readonly Principal[], { answered, cleanup, cycles, timeoutSeconds }: Parts): CallParts {
  const callback = programOf(ids, answered)
  return {
    onReply: callback,
    onReject: callback,
    cycles: BigInt(cycles),
    ...(cleanup === 'none' ? {} : { onCleanup: cleanup === 'note' ? program().note('c') : program().trap('cleanup') }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  }
}

function argumentOf(method: Managing, id: Principal): Uint8Array {
  const extra = {
    uninstall_code: { sender_canister_version: [] },
    install_code: { mode: { reinstall: null }, wasm_module: tasks, arg: new Uint8Array(0), sender_canister_version: [] },
  }
  const more = method === 'uninstall_code' || method === 'install_code' ? extra[method] : {}
  return encodeManagement(method, { canister_id: candid(id), ...more })
}

/** Puts a well-behaved canister in the place of each and lets everything come to its end: then nothing of it is left. */
export function expectNothingLeft<Port extends TestPort>(
  net: TestNetwork<Port>,
  ids: readonly Principal[],
  asked: readonly Uint8Array[],
): void {
  for (let times = 0; times < 4; times++) {
    for (const id of ids) {
      net.submit(managementCanisterId, 'install_code', argumentOf('install_code', id), { effectiveCanisterId: id })
      net.submit(managementCanisterId, 'start_canister', argumentOf('start_canister', id), { effectiveCanisterId: id })
    }
    net.tick(40)
    net.advance(120)
  }
  for (const request of asked) expect([undefined, 'replied', 'rejected']).toContain(net.status(request)?.status)
  for (const id of ids) {
    const { callbacks, callContexts, queues, longExecution } = net.canister(id)
    expect([callbacks.size, callContexts.size, queues.isIdle, queues.memoryBytes, longExecution]).toEqual([0, 0, true, 0, undefined])
  }
}
