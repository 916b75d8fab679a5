/**
 * Kinds of execution, with what each may do.
 *
 * @see Interface specification, "Overview of imports": the letters of its table.
 */

/** What a canister can be run for. */
export const entryKinds = [
  'start',
  'init',
  'post_upgrade',
  'pre_upgrade',
  'update',
  'replicated_query',
  'query',
  'transform',
  'composite_query',
  'reply_callback',
  'reject_callback',
  'composite_reply_callback',
  'composite_reject_callback',
  'cleanup',
  'composite_cleanup',
  'inspect_message',
  'heartbeat',
  'global_timer',
  'on_low_wasm_memory',
  'lifecycle_hook',
] as const

export type EntryKind = (typeof entryKinds)[number]

/** Letters of the specification, each with the kinds that it stands for. */
const letters = {
  s: ['start'],
  I: ['init', 'post_upgrade'],
  G: ['pre_upgrade'],
  U: ['update', 'lifecycle_hook'],
  RQ: ['replicated_query'],
  NRQ: ['query'],
  TQ: ['transform'],
  CQ: ['composite_query'],
  Ry: ['reply_callback'],
  Rt: ['reject_callback'],
  CRy: ['composite_reply_callback'],
  CRt: ['composite_reject_callback'],
  C: ['cleanup'],
  CC: ['composite_cleanup'],
  F: ['inspect_message'],
  T: ['heartbeat', 'global_timer', 'on_low_wasm_memory'],
} as const satisfies Record<string, readonly EntryKind[]>

/** Kinds as bits, so that a permission check is one `&`. */
export const entryBit = Object.fromEntries(entryKinds.map((kind, index) => [kind, 1 << index])) as Record<EntryKind, number>

/**
 * Bits of a list of letters such as `I U RQ`; `*` stands for every kind but `start`.
 */
export function contextMask(list: string): number {
  let mask = 0
  for (const word of list.split(' ')) {
    const kinds = word === '*' ? entryKinds.filter((kind) => kind !== 'start') : letters[word as keyof typeof letters]
    for (const kind of kinds) mask |= entryBit[kind]
  }
  return mask
}

/** Kinds whose effects stay. */
const replicated = contextMask('s I G U RQ Ry Rt C T')
/** Kinds in which the heap limit of the settings holds. */
const heapLimited = contextMask('s I U') & ~entryBit.lifecycle_hook
/** Kinds that belong to a composite query. */
const composite = contextMask('CQ CRy CRt CC')

/** Whether an execution of this kind runs on all nodes and can change state. */
export function isReplicated(kind: EntryKind): boolean {
  return (replicated & entryBit[kind]) !== 0
}

/** Whether `wasm_memory_limit` is enforced. @see protocol facts on `wasm_memory_limit`. */
export function isHeapLimited(kind: EntryKind): boolean {
  return (heapLimited & entryBit[kind]) !== 0
}

const installing = contextMask('s I G')

/** Whether an execution of this kind is a part of an installation. */
export function isInstall(kind: EntryKind): boolean {
  return (installing & entryBit[kind]) !== 0
}

/** Whether an execution of this kind may call other queries. */
export function isComposite(kind: EntryKind): boolean {
  return (composite & entryBit[kind]) !== 0
}

/** Whether growth ignores the freezing threshold: a callback was paid for in advance. */
export function ignoresFreezing(kind: EntryKind): boolean {
  return kind === 'reply_callback' || kind === 'reject_callback' || kind === 'cleanup'
}

/** How the protocol's error texts call a kind. */
export const entryName: Record<EntryKind, string> = {
  start: 'start',
  init: 'init',
  post_upgrade: 'init',
  pre_upgrade: 'pre upgrade',
  update: 'update',
  replicated_query: 'replicated query',
  query: 'non replicated query',
  transform: 'non replicated query',
  composite_query: 'composite query',
  reply_callback: 'reply callback',
  reject_callback: 'reject callback',
  composite_reply_callback: 'composite reply callback',
  composite_reject_callback: 'composite reject callback',
  cleanup: 'cleanup',
  composite_cleanup: 'composite cleanup',
  inspect_message: 'inspect message',
  heartbeat: 'heartbeat',
  global_timer: 'global timer',
  on_low_wasm_memory: 'on low Wasm memory',
  lifecycle_hook: 'lifecycle hook',
}
