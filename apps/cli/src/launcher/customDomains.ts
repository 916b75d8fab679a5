/** Host names that the `icp` command gives to canisters, in a file that it rewrites as canisters come and go. */
import { readFileSync, statSync } from 'node:fs'
import { Principal, PrincipalError } from '@tidemark/types'

type Domains = ReadonlyMap<string, Principal>

/**
 * Reads the file anew whenever it has changed; without it there are no names.
 *
 * @param path - lines of `<host>:<canister id>`; others are passed over
 * @returns tells which canister a host name is for, as of now
 */
export function watchCustomDomains(path: string): (host: string) => Principal | undefined {
  let changed: bigint | undefined
  let domains: Domains = new Map()
  return (host) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stat?.mtimeNs !== changed) domains = stat === undefined ? new Map() : parse(readFileSync(path, 'utf8'))
    changed = stat?.mtimeNs
    return domains.get(host)
  }
}

function parse(text: string): Domains {
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
