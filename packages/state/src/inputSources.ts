/** Where messages come from, in the order of their turns: canisters of this subnet, users, canisters of other subnets. */
export const sources = ['local', 'ingress', 'remote'] as const
export type Source = (typeof sources)[number]

/** Whose turn it is after a source. */
export function sourceAfter(source: Source): Source {
  return sources[(sources.indexOf(source) + 1) % sources.length] as Source
}
