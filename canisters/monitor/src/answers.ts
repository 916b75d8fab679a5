import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
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

/** What a caller of `history` asks for. */
export interface HistoryArguments {
  readonly canister: Principal
  readonly range: monitorTypes.HistoryRange | undefined
}

/** @throws {Error} when the bytes are not the arguments of `history` */
export function decodeHistoryArguments(bytes: Uint8Array): HistoryArguments {
  const [canister, given] = IDL.decode([IDL.Principal, IDL.Opt(monitorTypes.HistoryRange)], bytes)
  if (!(canister instanceof Principal) || !isOptionalRange(given)) throw new Error('history takes a canister and an optional range.')
  const [range] = given
  return { canister, range }
}

function isOptionalRange(value: unknown): value is [] | [monitorTypes.HistoryRange] {
  return Array.isArray(value)
}

/** The encoded answer of `fleet`. */
export function encodeFleet(fleet: monitorTypes.Fleet): Uint8Array {
  return fleets.encode(fleet)
}

/** The encoded answer of `history`. */
export function encodeHistory(samples: readonly monitorTypes.Sample[]): Uint8Array {
  return histories.encode(samples)
}
