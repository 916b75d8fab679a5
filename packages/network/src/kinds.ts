/** Kinds of subnets, as the public network has them: how large they are, what they charge, which ids they host. */
import type { SubnetType } from '@tidemark/cycles'
import type { CanisterIndexRange } from '@tidemark/replica'
import { Principal } from '@tidemark/types'
import { indexOf, mainnetRangeOf } from './ranges.ts'

/** Those with ids of their own on the public network, of which a network has one at most, and the others. */
export const subnetKinds = [
  'nns',
  'sns',
  'ii',
  'fiduciary',
  'bitcoin',
  'test_threshold_keys',
  'system',
  'application',
  'verified_application',
  'cloud_engine',
] as const
export type SubnetKind = (typeof subnetKinds)[number]

export interface KindTraits {
  readonly type: SubnetType
  /** Number of nodes: what prices scale to. */
  readonly size: number
  /** Ids that it hosts on the public network. */
  readonly mainnetRanges: readonly CanisterIndexRange[]
  /** Names of the keys that it signs with for the whole network. */
  readonly chainKeys: readonly string[]
}

/** Id of the subnet of the kind `nns` on the public network. */
export const mainnetNnsSubnetId = Principal.fromText('tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe')

const allKeys = ['dfx_test_key', 'key_1', 'test_key_1'] as const
const testKeys = ['dfx_test_key', 'test_key_1'] as const

const traits: Readonly<Record<SubnetKind, KindTraits>> = {
  nns: {
    type: 'system',
    size: 40,
    mainnetRanges: [
      rangeOf('rwlgt-iiaaa-aaaaa-aaaaa-cai', 'renrk-eyaaa-aaaaa-aaada-cai'),
      rangeOf('qoctq-giaaa-aaaaa-aaaea-cai', 'n5n4y-3aaaa-aaaaa-p777q-cai'),
    ],
    chainKeys: [],
  },
  sns: named('application', 34, [rangeOf('ybpmr-kqaaa-aaaaq-aaaaa-cai', 'ekjw2-zyaaa-aaaaq-p777q-cai')]),
  ii: named(
    'system',
    34,
    [
      rangeOf('rdmx6-jaaaa-aaaaa-aaadq-cai', 'rdmx6-jaaaa-aaaaa-aaadq-cai'),
      rangeOf('uc7f6-kaaaa-aaaaq-qaaaa-cai', 'ijz7v-ziaaa-aaaaq-7777q-cai'),
    ],
    allKeys,
  ),
  fiduciary: named('application', 34, [rangeOf('mf7xa-laaaa-aaaar-qaaaa-cai', 'qoznl-yiaaa-aaaar-7777q-cai')], allKeys),
  bitcoin: named('system', 13, [rangeOf('g3wsl-eqaaa-aaaan-aaaaa-cai', '2qqia-xyaaa-aaaan-p777q-cai')]),
  test_threshold_keys: named('application', 13, [rangeOf('z474k-xiaaa-aaaao-qaaaa-cai', 'fxzgb-eaaaa-aaaao-7777q-cai')], testKeys),
  system: named('system', 13, []),
  application: named('application', 13, []),
  verified_application: named('verified_application', 13, []),
  cloud_engine: named('application', 13, []),
}

/** What subnets of a kind are like. */
export function traitsOf(kind: SubnetKind): KindTraits {
  return traits[kind]
}

/** The kind of the subnet that hosts an id on the public network: `application` where it has no name; undefined for other ids. */
export function mainnetKindOf(canisterId: Principal): SubnetKind | undefined {
  const index = indexOf(canisterId)
  if (index === undefined || mainnetRangeOf(index) === undefined) return undefined
  const isIn = ({ first, last }: CanisterIndexRange): boolean => index >= first && index <= last
  return subnetKinds.find((kind) => traits[kind].mainnetRanges.some(isIn)) ?? 'application'
}

function named(
  type: SubnetType,
  size: number,
  mainnetRanges: readonly CanisterIndexRange[],
  chainKeys: readonly string[] = [],
): KindTraits {
  return { type, size, mainnetRanges, chainKeys }
}

function rangeOf(first: string, last: string): CanisterIndexRange {
  return { first: indexOf(Principal.fromText(first)) ?? 0n, last: indexOf(Principal.fromText(last)) ?? 0n }
}
