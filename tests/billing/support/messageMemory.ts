/** Memory that messages take, counted by walking everything that waits and every call that is open. */
import { type CanisterState, responseReservationBytes } from '@tidemark/state'

/** Bytes of waiting messages and of the room kept for responses; for canisters whose calls are all guaranteed and short. */
export function walkedMessageMemory(canister: Readonly<CanisterState>): bigint {
  let rooms = canister.callbacks.size
  let bytes = 0
  for (const message of canister.queues) {
    if (message.kind === 'request') rooms++
    if (message.kind !== 'response') continue
    rooms--
    bytes += message.payload.kind === 'reply' ? message.payload.data.length : Buffer.byteLength(message.payload.reject.message)
  }
  for (const { origin, responded } of canister.callContexts.values()) if (origin.kind === 'canister' && !responded) rooms++
  return BigInt(rooms * responseReservationBytes + bytes)
}
