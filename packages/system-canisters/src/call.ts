/** Calls that put system canisters on a network and change them: its own messages, which nobody signs. */
import { IDL } from '@dfinity/candid'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Binding } from '@tidemark/bindings'
import type { IngressRecord, Principal, ReplicaPort } from '@tidemark/types'

/** What a network must offer to be furnished. */
export interface Furnishable extends Pick<ReplicaPort, 'submit' | 'ingressRecord' | 'metadataAccess' | 'timeNanos' | 'round'> {
  /** Executes a round. */
  tick(): void
}

export interface SystemCall {
  readonly sender: Principal
  readonly canisterId: Principal
  /** Default: the canister. */
  readonly effectiveCanisterId?: Principal
  readonly binding: Binding
  readonly method: string
  readonly argument: unknown
}

const lifetimeNanos = 60_000_000_000n
const mostRounds = 1_000

/**
 * Calls a method and runs rounds until it is answered.
 *
 * @returns why it failed; undefined when it did not
 */
export function callSystem(network: Furnishable, call: SystemCall): string | undefined {
  const { sender, canisterId, effectiveCanisterId = canisterId, binding, method, argument } = call
  const type = binding.idlFactory({ IDL })._fields.find(([name]) => name === method)?.[1]
  const arg = new Uint8Array(IDL.encode(type?.argTypes ?? [], [argument]))
  // The round tells two equal calls apart.
  const requestId = sha256(new TextEncoder().encode(`tidemark ${method} ${effectiveCanisterId.toText()} ${network.round()}`))
  const admission = network.submit({
    requestId,
    sender,
    canisterId,
    effectiveCanisterId,
    methodName: method,
    arg,
    ingressExpiryNanos: network.timeNanos() + lifetimeNanos,
    sizeBytes: arg.length,
  })
  if (!admission.accepted) return admission.reject.message
  const outcome = answerOf(network, requestId)
  if (outcome?.status === 'replied') return undefined
  return outcome?.status === 'rejected' ? outcome.reject.message : `no answer after ${mostRounds} rounds`
}

function answerOf(network: Furnishable, requestId: Uint8Array): IngressRecord['status'] | undefined {
  for (let round = 0; round < mostRounds; round++) {
    network.tick()
    const status = network.ingressRecord(requestId)?.status
    if (status?.status === 'replied' || status?.status === 'rejected') return status
  }
  return undefined
}
