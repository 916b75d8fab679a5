import type { Principal } from '@dfinity/principal'
import type { lowWasmMemoryHookTypes, monitorTypes } from '@tidemark/bindings'
import { time } from 'azle'
import { describeFailure, isMissingMethod } from './callFailure.ts'
import { callOrder, callStatus } from './calls.ts'
import type { Status } from './emptyValues.ts'
import { decodeOrder } from './orderReply.ts'
import { decodeStatus, toSample } from './statusReply.ts'

/** What one look at a canister gave: a sample, or what went wrong. The order alone may fail beside a sample. */
export interface Look {
  readonly sample?: monitorTypes.Sample
  readonly error?: monitorTypes.PollError
}

// Modules (by hash) that turned out not to offer the execution order; lost on an upgrade and then found out again.
const withoutOrder = new Set<string>()

/** Looks at a canister. Never rejects. */
export async function lookAt(canister: Principal): Promise<Look> {
  try {
    const status = decodeStatus(await callStatus(canister))
    const { order, problem } = await readOrder(canister, status)
    const sample = toSample(status, time(), order)
    return problem === undefined ? { sample } : { sample, error: failure(problem) }
  } catch (error) {
    return { error: failure(describeFailure(error)) }
  }
}

async function readOrder(canister: Principal, status: Status): Promise<{ order?: lowWasmMemoryHookTypes.Executed[]; problem?: string }> {
  const [hash] = status.module_hash
  const module = hash?.join()
  if (module === undefined || withoutOrder.has(module) || !('running' in status.status)) return {}
  try {
    return { order: decodeOrder(await callOrder(canister)) }
  } catch (error) {
    if (!isMissingMethod(error)) return { problem: `Reading the execution order failed. ${describeFailure(error)}` }
    withoutOrder.add(module)
    return {}
  }
}

function failure(message: string): monitorTypes.PollError {
  return { at_nanos: time(), message }
}
