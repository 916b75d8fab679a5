/**
 * Which canisters a subnet hosts, as the state tree says it: one flat list, or shards.
 *
 * @see Interface specification, "The system state tree", "Subnet information" and "Canister ranges".
 */
import { Principal } from '@tidemark/types'
import { decodeCbor, encodeSelfDescribed } from './cborForm.ts'
import { CertificationError } from './errors.ts'
import type { HashTree } from './hashTree.ts'
import { compareLabels, text } from './labels.ts'
import { lookup, lookupSubtree, visibleChildren } from './lookup.ts'

/** Ids from `start` to `end`, both included, in bytewise order. */
export interface CanisterRange {
  readonly start: Principal
  readonly end: Principal
}

/** Value of the leaf: CBOR, self-described, a list of pairs. */
export function encodeCanisterRanges(ranges: readonly CanisterRange[]): Uint8Array {
  return encodeSelfDescribed(ranges.map(({ start, end }) => [start.bytes, end.bytes]))
}

/** @throws CertificationError when the value is no list of pairs of principals */
export function decodeCanisterRanges(value: Uint8Array): CanisterRange[] {
  const list = decodeCbor(value, 'canister ranges')
  if (!Array.isArray(list)) throw new CertificationError('canister ranges: expected a list')
  return list.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new CertificationError('canister ranges: expected pairs')
    return { start: principalOf(pair[0]), end: principalOf(pair[1]) }
  })
}

/** Whether one of the ranges holds the id; both ends belong to a range. */
export function rangesContain(ranges: readonly CanisterRange[], canisterId: Principal): boolean {
  return ranges.some(
    ({ start, end }) => compareLabels(start.bytes, canisterId.bytes) <= 0 && compareLabels(canisterId.bytes, end.bytes) <= 0,
  )
}

/** Every range of the subnet that the tree shows: `/canister_ranges/<id>/<first id>` and `/subnet/<id>/canister_ranges`. */
export function canisterRangesIn(tree: HashTree, subnetId: Principal): CanisterRange[] {
  const ranges: CanisterRange[] = []
  const sharded = lookupSubtree([text('canister_ranges'), subnetId.bytes], tree)
  if (sharded.status === 'found') {
    for (const [, shard] of visibleChildren(sharded.tree)) if (shard.kind === 'leaf') ranges.push(...decodeCanisterRanges(shard.value))
  }
  const flat = lookup([text('subnet'), subnetId.bytes, text('canister_ranges')], tree)
  if (flat.status === 'found') ranges.push(...decodeCanisterRanges(flat.value))
  return ranges
}

function principalOf(value: unknown): Principal {
  if (!(value instanceof Uint8Array) || value.length > 29) throw new CertificationError('canister ranges: expected principals')
  return Principal.fromBytes(value)
}
