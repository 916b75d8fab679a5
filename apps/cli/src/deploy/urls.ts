/** Addresses at which deployed canisters are reached. */
import type { Network } from '../network/network.ts'
import type { CanisterConfig } from '../project/dfxJson.ts'

/** Id of the page on which methods can be called: mainnet's own, which local networks answer for as well. */
export const candidPageId = 'a4gq6-oaaaa-aaaab-qaa4q-cai'

export interface Deployed {
  readonly name: string
  readonly id: string
  readonly config: CanisterConfig | undefined
}

/** Addresses of a canister's page: by host name, and by query parameter for clients that resolve no such hosts. */
export function pageUrls(network: Network, id: string): { readonly recommended: string; readonly legacy: string } {
  if (network.isMainnet) return { recommended: `https://${id}.icp0.io/`, legacy: `https://${id}.raw.icp0.io/` }
  const { port, host } = new URL(network.url)
  return { recommended: `http://${id}.localhost:${port}/`, legacy: `http://${host}/?canisterId=${id}` }
}

export function candidUrl(network: Network, id: string): string {
  if (network.isMainnet) return `https://${candidPageId}.raw.icp0.io/?id=${id}`
  return `http://${new URL(network.url).host}/?canisterId=${candidPageId}&id=${id}`
}

/** The block of addresses that ends a deployment. */
export function urlLines(network: Network, deployed: readonly Deployed[]): string[] {
  const frontends = deployed.filter(({ config }) => config?.type === 'assets' || config?.hasFrontend === true)
  const backends = deployed.filter(({ config }) => config?.type !== 'assets')
  const lines = ['URLs:']
  if (frontends.length > 0) {
    lines.push('  Frontend canister via browser:')
    for (const { name, id } of frontends) {
      const { recommended, legacy } = pageUrls(network, id)
      lines.push(`    ${name}:`, `      - ${recommended} (Recommended)`, `      - ${legacy} (Legacy)`)
    }
  }
  if (backends.length > 0) {
    lines.push('  Backend canister via Candid interface:')
    for (const { name, id } of backends) lines.push(`    ${name}: ${candidUrl(network, id)}`)
  }
  return lines
}
