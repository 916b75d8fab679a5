/** One program, run in a message of any kind, after something about its canister has changed. */
import type { ReplicaOptions } from '@tidemark/replica'
import { type Principal, managementCanisterId } from '@tidemark/types'
import {
  type Outcome,
  type Program,
  type SettingsChange,
  type TestNetwork,
  candid,
  encodeManagement,
  errorOf,
  expectReply,
  later,
  network,
  program,
  universalCanister,
  user,
} from '../../support/index.ts'
import { page } from './held.ts'

export const kinds = [
  'update',
  'call',
  'replicated query',
  'query',
  'composite query',
  'reply callback',
  'reject callback',
  'cleanup',
  'heartbeat',
  'timer',
  'hook',
  'inspection',
  'init',
  'pre-upgrade',
  'post-upgrade',
] as const

/** Kinds of message; a `call` is an update that another canister asks for, with a hundred cycles. */
export type Kind = (typeof kinds)[number]

/** A canister that runs the program, and another one. */
export interface Stage {
  readonly net: TestNetwork
  readonly id: Principal
  readonly other: Principal
}

export interface Scene {
  readonly body: Program
  /** What changes before the program runs, and after it was put in place. */
  readonly change: (stage: Stage) => void
  readonly network?: ReplicaOptions
  /** Settings from the start. */
  readonly settings?: SettingsChange
}

const wasm = universalCanister({ exports: ['heartbeat', 'global_timer', 'pre_upgrade', 'inspect_message', 'on_low_wasm_memory'] })
const cycles = 10n ** 18n
/** Rounds until a call is answered: enough to change settings meanwhile. */
const patience = 12

/** Runs the program. @returns the stage, and `ran`, the code of an error, or `not run` where nobody is told */
export function runAs(kind: Kind, { body, change, network: options = {}, settings = {} }: Scene): Stage & { outcome: string } {
  const net = network(options)
  const other = net.install(wasm, '', { cycles })
  // Due at once, for a heap of two pages.
  const low = kind === 'hook' ? { wasm_memory_limit: 100n * page, wasm_memory_threshold: 99n * page } : {}
  const id = net.create({ cycles, settings: { controllers: [user, other], ...low, ...settings } })
  const stage = { net, id, other }
  return { ...stage, outcome: acts[kind](stage, body, () => change(stage)) }
}

type Act = (stage: Stage, body: Program, change: () => void) => string

/** Says at its end that it got there. */
const said = (body: Program) => program().then(body).sys('debug_print', 'ran')
const answered = (body: Program) => program().then(body).reply('ran')

const acts: Readonly<Record<Kind, Act>> = {
  update: afterwards(({ net, id }, body) => net.update(id, answered(body))),
  call: afterwards(({ net, id, other }, body) => {
    const onReject = program().read('msg_reject_msg').replyTop()
    const onReply = program().read('msg_arg_data').replyTop()
    return net.update(other, program().callUpdate(id, answered(body), { cycles: 100n, onReply, onReject }))
  }),
  'replicated query': afterwards(({ net, id }, body) => net.call(id, 'query', answered(body))),
  query: afterwards(({ net, id }, body) => net.query(id, answered(body))),
  'composite query': afterwards(({ net, id }, body) => net.compositeQuery(id, answered(body))),
  'reply callback': callback((body) => [program().reply(), { onReply: answered(body) }]),
  'reject callback': callback((body) => [program().reject('no'), { onReject: answered(body) }]),
  cleanup: (stage, body, change) => {
    callback(() => [program().reply(), { onReply: program().trap('no'), onCleanup: said(body) }])(stage, body, change)
    return logged(stage)
  },
  // Once only.
  heartbeat: task((body) => program().on('heartbeat', program().then(body).on('heartbeat', program()))),
  timer: task((body) => program().on('global_timer', body).sys('global_timer_set', 1n).op('drop')),
  hook: task((body) => program().on('on_low_wasm_memory', body)),
  inspection: ({ net, id }, body, change) => {
    expectReply(net.installInto(id, wasm, program().on('inspect_message', program().then(body).sys('accept_message'))))
    change()
    const sent = net.submit(id, 'update', program().reply())
    return sent instanceof Uint8Array ? 'ran' : errorOf(sent)
  },
  init: ({ net, id }, body, change) => {
    change()
    return outcomeOf(net.installInto(id, wasm, said(body)), 'ran')
  },
  'pre-upgrade': ({ net, id }, body, change) => {
    expectReply(net.installInto(id, wasm, program().on('pre_upgrade', said(body))))
    change()
    return outcomeOf(net.upgrade(id, wasm), 'ran')
  },
  'post-upgrade': ({ net, id }, body, change) => {
    expectReply(net.installInto(id, wasm))
    change()
    return outcomeOf(net.upgrade(id, wasm, said(body)), 'ran')
  },
}

/** A message that is sent when everything is in place. */
function afterwards(send: (stage: Stage, body: Program) => Outcome): Act {
  return (stage, body, change) => {
    expectReply(stage.net.installInto(stage.id, wasm))
    change()
    return outcomeOf(send(stage, body))
  }
}

/** A callback of a call that was made before the change, and is answered after it. */
function callback(make: (body: Program) => [answer: Program, parts: { onReply?: Program; onReject?: Program; onCleanup?: Program }]): Act {
  return ({ net, id, other }, body, change) => {
    expectReply(net.installInto(id, wasm))
    const [answer, parts] = make(body)
    const sent = net.send(id, program().callUpdate(other, later(patience, answer), parts))
    net.tick()
    change()
    return outcomeOf(net.await(sent, 2 * patience))
  }
}

/** What the network starts by itself: the canister is stopped until the change is made. */
function task(set: (body: Program) => Program): Act {
  return (stage, body, change) => {
    const { net, id } = stage
    expectReply(net.lifecycle('stop_canister', id))
    expectReply(net.installInto(id, wasm, set(said(body))))
    change()
    start(stage)
    net.tick(3)
    return logged(stage)
  }
}

/** Starts a canister whether it can pay for being asked to or not. */
function start({ net, id, other }: Stage): void {
  const arg = encodeManagement('start_canister', { canister_id: candid(id) })
  expectReply(net.update(other, program().call(managementCanisterId, 'start_canister', arg, { onReply: program().reply() }).op('drop')))
}

function logged({ net, id }: Stage): string {
  return net.log(id).includes('ran') ? 'ran' : 'not run'
}

function outcomeOf(outcome: Outcome, reply?: string): string {
  if (outcome.kind === 'reject') return errorOf(outcome.reject)
  const text = reply ?? outcome.text
  return /^IC\d{4}/.exec(text)?.[0] ?? text
}
