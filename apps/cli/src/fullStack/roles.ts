/** The canisters that the full stack is made of, by their names in dfx.json, in the order in which they are built. */
export const roleNames = ['monitor', 'dashboard', 'low_wasm_memory_hook', 'low_wasm_memory_hook_wasm'] as const

export type Role = (typeof roleNames)[number]

/** The canisters whose hook is shown. */
export const hookNames = ['low_wasm_memory_hook', 'low_wasm_memory_hook_wasm'] as const
