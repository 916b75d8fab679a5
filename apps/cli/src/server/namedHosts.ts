/** Hosts by the name of a canister: `<name>.localhost` and `<name>.local.localhost`, easier to read and to keep than an id. */
import { Principal } from '@tidemark/types'

/** The canister of a host name, in lower case and without a port; `canisters` is asked only when the host may be one of theirs. */
export function canisterOfHost(host: string, canisters: () => readonly (readonly [name: string, id: string])[]): Principal | undefined {
  const label = /^([^.]+)(?:\.local)?\.localhost$/.exec(host)?.[1]
  // An id, alone or behind words of one's own.
  if (label === undefined || label.endsWith('-cai')) return undefined
  const found = canisters().find(([name]) => hostLabel(name) === hostLabel(label))
  return found && Principal.fromText(found[1])
}

/** Names of hosts know no capitals and, by the letter, no underscores. */
function hostLabel(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}
