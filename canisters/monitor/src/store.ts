import { IDL } from '@dfinity/candid'
import type { Principal } from '@dfinity/principal'
import { monitorTypes } from '@tidemark/bindings'
import { type Serializable, StableBTreeMap } from 'azle'
import type { Config } from './config.ts'
import { append, emptySpan, newest, numbersOf, type Span } from './history.ts'
import { encodeSampleKey, type SampleKey } from './sampleKey.ts'

/** What is kept of a registered canister besides its samples. */
interface WatchedEntry {
  /** Registrations are listed in this order. */
  readonly order: number
  readonly canister: Principal
  readonly span: Span
  readonly error?: monitorTypes.PollError | undefined
}

// Samples are stored as Candid: a later version of the monitor reads what an earlier one wrote by Candid's own rules.
const sampleBytes: Serializable = {
  toBytes: (sample) => IDL.encode([monitorTypes.Sample], [sample]),
  fromBytes: (bytes) => IDL.decode([monitorTypes.Sample], bytes)[0],
}

const sampleKeys: Serializable = { toBytes: (key) => encodeSampleKey(key as SampleKey), fromBytes: () => undefined }

const configs = new StableBTreeMap<'config', Config>(0)
const watched = new StableBTreeMap<string, WatchedEntry>(1)
const samples = new StableBTreeMap<SampleKey, monitorTypes.Sample>(2, sampleKeys, sampleBytes)

/** The configuration, or undefined before the first installation has stored it. */
export function readConfig(): Config | undefined {
  return configs.get('config')
}

export function writeConfig(config: Config): void {
  configs.insert('config', config)
}

/** Ids of the registered canisters, in the order of registration. */
export function watchedCanisters(): readonly Principal[] {
  return entries().map(({ canister }) => canister)
}

export function isWatched(canister: Principal): boolean {
  return watched.containsKey(canister.toText())
}

export function addWatched(canister: Principal): void {
  const order = 1 + Math.max(-1, ...entries().map((entry) => entry.order))
  watched.insert(canister.toText(), { order, canister, span: emptySpan })
}

/** Forgets a canister and its history. */
export function removeWatched(canister: Principal): void {
  const entry = watched.remove(canister.toText())
  if (entry !== undefined) for (const number of numbersOf(entry.span)) samples.remove({ canister, number })
}

/** Keeps a sample of a canister; one that is no longer registered is left alone. */
export function addSample(canister: Principal, sample: monitorTypes.Sample, limit: number): void {
  const entry = watched.get(canister.toText())
  if (entry === undefined) return
  const { span, added, dropped } = append(entry.span, limit)
  for (const number of dropped) samples.remove({ canister, number })
  samples.insert({ canister, number: added }, sample)
  watched.insert(canister.toText(), { ...entry, span, error: undefined })
}

/** Records that a canister could not be looked at. */
export function addError(canister: Principal, error: monitorTypes.PollError): void {
  const entry = watched.get(canister.toText())
  if (entry !== undefined) watched.insert(canister.toText(), { ...entry, error })
}

/** Every registered canister with its newest sample. */
export function readFleet(): monitorTypes.Watched[] {
  return entries().map(({ canister, span, error }) => {
    const latest = span.next > span.first ? samples.get({ canister, number: span.next - 1 }) : undefined
    return { canister, latest: latest === undefined ? [] : [latest], error: error === undefined ? [] : [error] }
  })
}

/** Samples of a canister, oldest first; empty for a canister that is not registered. */
export function readHistory(canister: Principal, limit: number, before?: bigint): monitorTypes.Sample[] {
  const span = watched.get(canister.toText())?.span ?? emptySpan
  const timeOf = (number: number) => samples.get({ canister, number })?.at_nanos ?? 0n
  return newest(span, limit, timeOf, before).flatMap((number) => samples.get({ canister, number }) ?? [])
}

function entries(): readonly WatchedEntry[] {
  return watched
    .items()
    .map(([, entry]) => entry)
    .sort((a, b) => a.order - b.order)
}
