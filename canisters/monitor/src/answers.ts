import { IDL } from '@dfinity/candid'
import { monitorTypes } from '@tidemark/bindings'
import { createCodec } from './candid/codec.ts'
import { emptySample } from './emptyValues.ts'

// The two answers that are large: encoded by a codec that is prepared once.
const emptyFleet: monitorTypes.Fleet = {
  polls: 0n,
  polled_at_nanos: 0n,
  interval_seconds: 0,
  history_limit: 0,
  claim: { Disabled: null },
  canisters: [],
}
const fleets = createCodec(monitorTypes.Fleet, emptyFleet)
const histories = createCodec(IDL.Vec(monitorTypes.Sample), [emptySample])

/** The encoded answer of `fleet`. */
export function encodeFleet(fleet: monitorTypes.Fleet): Uint8Array {
  return fleets.encode(fleet)
}

/** The encoded answer of `history`. */
export function encodeHistory(samples: readonly monitorTypes.Sample[]): Uint8Array {
  return histories.encode(samples)
}
