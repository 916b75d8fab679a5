/** What TypeScript sources use of `runtime.mjs`, which the host's own Node must be able to run. */

/** Flags for a Node that runs canisters: with stack enough for deep recursion. */
export const nodeFlags: readonly string[]
