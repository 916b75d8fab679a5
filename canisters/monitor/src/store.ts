import type { Principal } from '@dfinity/principal'
import type { monitorTypes } from '@tidemark/bindings'
import type { Config } from './config.ts'
import { append, emptySpan, newest, numbersOf, type Span } from './history.ts'
import { configs, samples, watched } from './memory.ts'

/** A registered canister as the heap has it: what stable memory has, and its newest sample. */
interface Entry {
  readonly canister: Principal
  readonly order: number
  readonly span: Span
  readonly latest?: monitorTypes.Sample | undefined
  readonly error?: monitorTypes.PollError | undefined
}

// What is read at every poll is also kept in the heap; stable memory is written through, and read after an upgrade.
let loadedConfig: Config | undefined
let loadedEntries: Map<string, Entry> | undefined

/** The configuration, or undefined before the first installation has stored it. */
export function readConfig(): Config | undefined {
  loadedConfig ??= configs.get('config')
  return loadedConfig
}

export function writeConfig(config: Config): void {
  loadedConfig = config
  configs.insert('config', config)
}

/** Ids of the registered canisters, in the order of registration. */
export function watchedCanisters(): readonly Principal[] {
  return [...entries().values()].map(({ canister }) => canister)
}

export function isWatched(canister: Principal): boolean {
  return entries().has(canister.toText())
}

export function addWatched(canister: Principal): void {
  const order = 1 + Math.max(-1, ...[...entries().values()].map((entry) => entry.order))
  write({ canister, order, span: emptySpan })
}

/** Forgets a canister and its history. */
export function removeWatched(canister: Principal): void {
  const entry = entries().get(canister.toText())
  if (entry === undefined) return
  for (const number of numbersOf(entry.span)) samples.remove({ canister, number })
  entries().delete(canister.toText())
  watched.remove(canister)
}

/** Keeps a sample of a canister; one that is no longer registered is left alone. */
export function addSample(canister: Principal, sample: monitorTypes.Sample, limit: number): void {
  const entry = entries().get(canister.toText())
  if (entry === undefined) return
  const { span, added, dropped } = append(entry.span, limit)
  for (const number of dropped) samples.remove({ canister, number })
  samples.insert({ canister, number: added }, sample)
  write({ ...entry, span, latest: sample, error: undefined })
}

/** Records that a canister could not be looked at. */
export function addError(canister: Principal, error: monitorTypes.PollError): void {
  const entry = entries().get(canister.toText())
  if (entry !== undefined) write({ ...entry, error })
}

/** Every registered canister with its newest sample. */
export function readFleet(): monitorTypes.Watched[] {
  return [...entries().values()].map(({ canister, latest, error }) => ({ canister, latest: some(latest), error: some(error) }))
}

/** The newest sample of a canister. */
export function latestSample(canister: Principal): monitorTypes.Sample | undefined {
  return entries().get(canister.toText())?.latest
}

/** Samples of a canister, oldest first; empty for a canister that is not registered. */
export function readHistory(canister: Principal, limit: number, before?: bigint): monitorTypes.Sample[] {
  const span = entries().get(canister.toText())?.span ?? emptySpan
  const timeOf = (number: number) => samples.get({ canister, number })?.at_nanos ?? 0n
  return newest(span, limit, timeOf, before).flatMap((number) => samples.get({ canister, number }) ?? [])
}

function write(entry: Entry): void {
  entries().set(entry.canister.toText(), entry)
  const { canister, order, span, error } = entry
  watched.insert(canister, { canister, order, first: BigInt(span.first), next: BigInt(span.next), error: some(error) })
}

function entries(): Map<string, Entry> {
  loadedEntries ??= new Map(load().map((entry) => [entry.canister.toText(), entry]))
  return loadedEntries
}

function load(): Entry[] {
  return watched
    .values()
    .map(({ canister, order, first, next, error: [error] }) => {
      const span = { first: Number(first), next: Number(next) }
      const latest = next > first ? samples.get({ canister, number: span.next - 1 }) : undefined
      return { canister, order, span, latest, error }
    })
    .sort((a, b) => a.order - b.order)
}

function some<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value]
}
