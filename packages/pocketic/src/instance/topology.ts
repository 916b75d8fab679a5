/** How an instance describes its subnet. */
import { sha224 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { createNodeKey } from '@tidemark/certification'
import type { Replica } from '@tidemark/replica'
import { Principal } from '@tidemark/types'
import { toBase64 } from '../wire/base64.ts'
import type { JsonValue } from '../wire/json.ts'

/** Canister ids that an application subnet can hand out. */
const rangeLength = 1n << 20n
/** Instances are alike until they are used: tests get the same ids and keys every time. */
export const seed = new Uint8Array(32)
/** Nodes of an application subnet: what its prices are scaled to. */
export const subnetSize = 13

let otherNodes: readonly Principal[] | undefined

/** The node that answers, and as many others as the subnet has: the same in every instance, so their keys are made once. */
export function nodeIdsOf(replica: Replica): readonly Principal[] {
  otherNodes ??= Array.from({ length: subnetSize - 1 }, (_, index) => {
    const key = createNodeKey(concatBytes(seed, utf8ToBytes(`node ${index + 1}`)))
    return Principal.selfAuthenticating(sha224(key.publicKeyDer))
  })
  return [replica.nodeId, ...otherNodes]
}

export function topologyOf(
  replica: Replica,
  details: { readonly nodeIds: readonly Principal[]; readonly costSchedule: 'normal' | 'free' },
): JsonValue {
  const first = replica.defaultEffectiveCanisterId
  const last = Principal.canister(indexOf(first) + rangeLength - 1n)
  const subnet = {
    subnet_kind: 'Application',
    size: subnetSize,
    subnet_seed: [...seed],
    node_ids: details.nodeIds.map((id) => ({ node_id: toBase64(id.bytes) })),
    canister_ranges: [{ start: { canister_id: toBase64(first.bytes) }, end: { canister_id: toBase64(last.bytes) } }],
    instruction_config: 'Production',
    cost_schedule: details.costSchedule === 'free' ? 'Free' : 'Normal',
  }
  return {
    subnet_configs: { [replica.subnetId.toText()]: subnet },
    default_effective_canister_id: { canister_id: toBase64(first.bytes) },
  }
}

function indexOf({ bytes }: Principal): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
}
