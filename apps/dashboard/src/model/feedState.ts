import type { Executed, Fleet, Sample } from './sample.ts'
import type { HookCanisterName } from './hookView.ts'

/** What is known of one hook canister apart from the fleet's latest poll. */
export type HookReading = {
  readonly order: readonly Executed[]
  /** Oldest first. */
  readonly history: readonly Sample[]
  /** Why the canister did not tell its order; absent when it did. */
  readonly error?: string
}

/** Everything the page knows. Each change makes a new one. */
export type FeedState = {
  readonly isLocal: boolean
  /** Ids in text form of the hook canisters that are deployed, in the order in which they are offered. */
  readonly hookCanisters: ReadonlyMap<HookCanisterName, string>
  readonly selected: HookCanisterName
  readonly readings: ReadonlyMap<HookCanisterName, HookReading>
  readonly fleet?: Fleet
  /** Whether the page knows yet if somebody is logged in. */
  readonly sessionReady: boolean
  readonly principal?: string
  /** The change that is under way, as a sentence. */
  readonly busy?: string
  readonly notice?: { readonly kind: 'done' | 'failed'; readonly text: string }
  /** Why the network cannot be read; absent while it can. */
  readonly trouble?: string
}

export const initialFeedState = (isLocal: boolean): FeedState => ({
  isLocal,
  hookCanisters: new Map(),
  selected: 'low_wasm_memory_hook',
  readings: new Map(),
  sessionReady: false,
})
