/** Ends outcalls: with what the nodes make of their answers, and with the cycles that they have left. */
import { outcallNodes } from '@tidemark/cycles'
import type { AnsweredOutcall, HttpOutcall } from '@tidemark/state'
import { touch } from '../../commit/commitExecution.ts'
import { deliverAnswer } from '../../commit/answers.ts'
import { decodeOutcall, outcallReject } from '../../management/index.ts'
import type { World } from '../../world.ts'
import { agree } from './agreement.ts'
import { gather, timedOut } from './group.ts'
import { nodeReport } from './nodeReport.ts'
import type { Verdict } from './verdict.ts'

/** How long an outcall waits for its answer. */
const timeoutNanos = 60_000_000_000n

/** Ends the outcalls that were answered since the last round, and those that waited too long. */
export function finishOutcalls(world: World): void {
  const { state } = world
  for (const answered of state.answeredOutcalls.splice(0)) {
    const { outcall } = answered
    const verdict = decide(world, answered)
    if (verdict === undefined) state.httpOutcalls.set(outcall.id, { ...outcall, isHeard: true })
    else send(world, outcall, verdict)
  }
  for (const outcall of state.httpOutcalls.values()) {
    if (outcall.startedNanos + timeoutNanos >= state.timeNanos) continue
    state.httpOutcalls.delete(outcall.id)
    send(world, outcall, expired(world, outcall))
  }
}

function decide(world: World, { outcall: held, answer, others = [], isPartial }: AnsweredOutcall): Verdict | undefined {
  const outcall = decodeOutcall(world.pricing, held.call)
  const answering = { held, outcall }
  const nodes = Number(outcallNodes(world.pricing, outcall.replication))
  // The node that asks alone has the first answer, and so do all where there is only one.
  const given = [answer, ...others].slice(0, nodes)
  const reports = given.map((each) => nodeReport(world, answering, each))
  const [first] = reports
  const all = given.length === 1 && isPartial !== true && first !== undefined ? Array.from({ length: nodes }, () => first) : reports
  return outcall.replication.kind === 'flexible' ? gather(world, answering, outcall.replication, all) : agree(world, answering, all)
}

function expired(world: World, { call }: HttpOutcall): Verdict {
  const { replication } = decodeOutcall(world.pricing, call)
  return replication.kind === 'flexible' ? timedOut() : { payload: outcallReject(2, 'Canister http request timed out'), charged: 0n }
}

function send(world: World, held: HttpOutcall, { payload, charged }: Verdict): void {
  const { call, refund } = held
  const target = { kind: 'canister', caller: call.sender, callbackId: call.callbackId, deadlineNanos: call.deadlineNanos } as const
  returnUnused(world, held, charged)
  deliverAnswer(world, call.receiver, target, payload, refund)
}

/** What the nodes have left goes to the balance at once: only what was never theirs travels with the answer. */
function returnUnused(world: World, { call, withheld = 0n }: HttpOutcall, charged: bigint): void {
  if (withheld === 0n) return
  const used = charged < withheld ? charged : withheld
  const canister = world.state.canister(call.sender)
  if (canister === undefined) {
    world.state.burnedCycles += withheld
    return
  }
  canister.balance += withheld - used
  canister.consumedCycles.http_outcalls += used
  world.state.burnedCycles += used
  touch(world, canister)
}
