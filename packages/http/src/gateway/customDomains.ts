/** Host names of canisters in a text, as the `icp` command and clients of PocketIC servers write it. */
import { Principal, PrincipalError } from '@tidemark/types'

/** A text that may change at any time, or not be there. */
export interface DomainsText {
  /** Changes with the text; `undefined` while there is none. */
  readonly stamp: () => bigint | undefined
  readonly read: () => string
}

/**
 * Reads the text anew whenever it has changed; without it there are no names. Its lines are `<host>:<canister id>`; others are
 * passed over.
 *
 * @returns tells which canister a host name is for, as of now
 */
export function customDomainsOf({ stamp, read }: DomainsText): (host: string) => Principal | undefined {
  let known: bigint | undefined
  let domains: ReadonlyMap<string, Principal> = new Map()
  return (host) => {
    const current = stamp()
    if (current !== known) domains = current === undefined ? new Map() : parse(read())
    known = current
    return domains.get(host)
  }
}

function parse(text: string): ReadonlyMap<string, Principal> {
  const entries = text.split('\n').flatMap((line): [string, Principal][] => {
    const end = line.lastIndexOf(':')
    const id = principalIn(line.slice(end + 1).trim())
    return end > 0 && id !== undefined ? [[line.slice(0, end).trim().toLowerCase(), id]] : []
  })
  return new Map(entries)
}

function principalIn(text: string): Principal | undefined {
  try {
    return Principal.fromText(text)
  } catch (error) {
    if (error instanceof PrincipalError) return undefined
    throw error
  }
}
