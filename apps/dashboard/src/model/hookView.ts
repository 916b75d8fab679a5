import type { FeedState } from './feedState.ts'
import type { Executed, Sample } from './sample.ts'

/** Names under which the stack deploys the hook example: the Motoko build, and its twin in hand-written Wasm. */
export const hookCanisterNames = ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm'] as const

export type HookCanisterName = (typeof hookCanisterNames)[number]

/** A hook canister that can be looked at. */
export type HookChoice = { readonly name: HookCanisterName; readonly label: string; readonly canisterId: string }

/** The selected hook canister and everything known of it. */
export type HookView = {
  readonly choices: readonly HookChoice[]
  readonly selected: HookCanisterName
  readonly canisterId: string
  /** Read from the canister itself. */
  readonly order: readonly Executed[]
  /** Read from the monitor, oldest first. */
  readonly history: readonly Sample[]
  readonly sample?: Sample
  /** Why the latest reading failed. */
  readonly error?: string
}

/** Short names for the two builds of the same example. */
export const hookCanisterLabels: { readonly [name in HookCanisterName]: string } = {
  low_wasm_memory_hook: 'Motoko',
  low_wasm_memory_hook_wasm: 'Wasm twin',
}

/** The selected hook canister out of everything known; absent until the page knows which canisters there are. */
export const hookViewOf = (state: FeedState): HookView | undefined => {
  const canisterId = state.hookCanisters.get(state.selected)
  if (canisterId === undefined) return undefined
  const reading = state.readings.get(state.selected)
  const watched = state.fleet?.canisters.find((candidate) => candidate.canisterId === canisterId)
  const error = reading?.error ?? watched?.error
  return {
    choices: Array.from(state.hookCanisters, ([name, id]) => ({ name, label: hookCanisterLabels[name], canisterId: id })),
    selected: state.selected,
    canisterId,
    order: reading?.order ?? watched?.latest?.executed ?? [],
    history: reading?.history ?? [],
    ...(watched?.latest === undefined ? {} : { sample: watched.latest }),
    ...(error === undefined ? {} : { error }),
  }
}
