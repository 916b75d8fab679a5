/** Canisters of this repository that no project names in its `dfx.json`: what a local network is furnished with. */
import type { MotokoSpec } from '../spec.ts'

/** The asset canister: what dfx would take from its own package. */
export const assetCanister = motoko('assets', 'canisters/assets/src/main.mo')

const ownCanisters = [
  assetCanister,
  motoko('cycles_ledger', 'canisters/cycles_ledger/src/main.mo'),
  motoko('icp_ledger', 'canisters/icp_ledger/src/main.mo'),
  motoko('cycles_minting', 'canisters/cycles_minting/src/main.mo'),
  motoko('registry', 'canisters/registry/src/main.mo'),
  {
    ...motoko('internet_identity', 'canisters/internet_identity/src/main.mo'),
    page: {
      module: 'canisters/internet_identity/src/generated/Page.mo',
      workspace: 'apps/dashboard',
      config: 'vite.identity.config.ts',
      sources: [
        'apps/dashboard/identity',
        'apps/dashboard/src/design',
        'apps/dashboard/package.json',
        'apps/dashboard/vite.identity.config.ts',
        'packages/bindings/src/generated/internetIdentity.ts',
        'package-lock.json',
      ],
    },
  },
]

/** How a canister of this repository is built; undefined when it has none of that name. */
export function ownCanister(name: string): MotokoSpec | undefined {
  return ownCanisters.find((spec) => spec.name === name)
}

function motoko(name: string, main: string): MotokoSpec {
  return { kind: 'motoko', name, main, args: ['--default-persistent-actors'], dependencies: [], gzip: false }
}
