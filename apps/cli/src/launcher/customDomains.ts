/** Host names that the `icp` command gives to canisters, in a file that it rewrites as canisters come and go. */
import { readFileSync, statSync } from 'node:fs'
import { customDomainsOf } from '@tidemark/http'
import type { Principal } from '@tidemark/types'

/** Tells which canister a host name is for, by what stands in the file at the time. @param path - need not be there */
export function watchCustomDomains(path: string): (host: string) => Principal | undefined {
  return customDomainsOf({
    stamp: () => statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs,
    read: () => readFileSync(path, 'utf8'),
  })
}
