import { IDL } from '@dfinity/candid'
import { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { type Serializable, StableBTreeMap } from 'azle'
import { type Codec, createCodec } from './candid/codec.ts'
import type { Config } from './config.ts'
import { emptySample } from './emptyValues.ts'
import { encodeSampleKey, type SampleKey } from './sampleKey.ts'

/** What is kept of a registered canister besides its samples. */
export interface WatchedRecord {
  readonly canister: Principal
  /** Registrations are listed in this order. */
  readonly order: number
  /** Numbers of its samples: from the first up to, but without, the next. */
  readonly first: bigint
  readonly next: bigint
  readonly error: [] | [monitorTypes.PollError]
}

const WatchedRecord = IDL.Record({
  canister: IDL.Principal,
  order: IDL.Nat32,
  first: IDL.Nat64,
  next: IDL.Nat64,
  error: IDL.Opt(monitorTypes.PollError),
})

// Values are stored as Candid: a later version of the monitor reads what an earlier one wrote by Candid's own rules.
/** Keeps values as Candid. */
export const asCandid = (codec: Codec): Serializable => ({
  toBytes: (value) => codec.encode(value),
  fromBytes: (bytes) => codec.decode(bytes),
})
/** For keys that are never read back. */
export const onlyWritten = (encode: (key: never) => Uint8Array): Serializable => ({
  toBytes: (key) => encode(key as never),
  fromBytes: () => undefined,
})

/** Stable memory 0: the configuration. It changes rarely, so the slower default form will do. */
export const configs = new StableBTreeMap<'config', Config>(0)

/** Stable memory 1: the registered canisters, by the bytes of their id. */
export const watched = new StableBTreeMap<Principal, WatchedRecord>(
  1,
  onlyWritten((canister: Principal) => canister.toUint8Array()),
  asCandid(createCodec(WatchedRecord, { canister: Principal.managementCanister(), order: 0, first: 0n, next: 0n, error: [] })),
)

/** Stable memory 2: the samples. */
export const samples = new StableBTreeMap<SampleKey, monitorTypes.Sample>(
  2,
  onlyWritten(encodeSampleKey),
  asCandid(createCodec(monitorTypes.Sample, emptySample)),
)
