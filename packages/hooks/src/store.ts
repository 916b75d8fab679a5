import type { Principal } from '@dfinity/principal'
import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'

/** Values by number. */
export interface Table<Value> {
  get(number: bigint): Value | undefined
  set(number: bigint, value: Value): void
  delete(number: bigint): void
  /** Numbers, lowest first. */
  numbers(): readonly bigint[]
}

/** What is remembered besides events and errors. */
export interface HookFacts {
  readonly nextNumber: bigint
  readonly monitors: readonly Principal[]
  /** Errors that found no room. */
  readonly droppedErrors: bigint
  readonly lowCyclesArmed: boolean
  readonly lowHeapMemoryArmed: boolean
  readonly outputQueueArmed: boolean
}

/** What must survive an upgrade: in stable memory where the heap does not. */
export interface HookStore {
  /** Events; bounded. */
  readonly runs: Table<example.Run>
  /** What those of them still carry that wait or run. */
  readonly due: Table<example.Notification>
  /** Captured errors; bounded. */
  readonly errors: Table<example.CapturedError>
  /** Undefined before the first write. */
  readFacts(): HookFacts | undefined
  writeFacts(facts: HookFacts): void
}

/** The facts of a canister in which nothing has happened. */
export const noFacts: HookFacts = {
  nextNumber: 1n,
  monitors: [],
  droppedErrors: 0n,
  lowCyclesArmed: true,
  lowHeapMemoryArmed: true,
  outputQueueArmed: true,
}

/** A store in the heap, for programs whose heap survives, and for tests. */
export function createMemoryStore(): HookStore {
  let facts: HookFacts | undefined
  return {
    runs: createMemoryTable(),
    due: createMemoryTable(),
    errors: createMemoryTable(),
    readFacts: () => facts,
    writeFacts: (written) => void (facts = written),
  }
}

function createMemoryTable<Value>(): Table<Value> {
  const values = new Map<bigint, Value>()
  return {
    get: (number) => values.get(number),
    set: (number, value) => void values.set(number, value),
    delete: (number) => void values.delete(number),
    numbers: () => [...values.keys()].sort((a, b) => (a < b ? -1 : 1)),
  }
}
