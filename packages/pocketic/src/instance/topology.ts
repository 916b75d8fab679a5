/** How an instance describes its subnets. */
import type { Network, Subnet, SubnetKind } from '@tidemark/network'
import { Principal } from '@tidemark/types'
import { toBase64 } from '../wire/base64.ts'
import type { JsonValue } from '../wire/json.ts'

/** Kinds as the protocol writes them. */
const kindNames: Readonly<Record<SubnetKind, string>> = {
  application: 'Application',
  bitcoin: 'Bitcoin',
  cloud_engine: 'CloudEngine',
  fiduciary: 'Fiduciary',
  ii: 'II',
  nns: 'NNS',
  sns: 'SNS',
  system: 'System',
  test_threshold_keys: 'TestThresholdKeys',
  verified_application: 'VerifiedApplication',
}

export function topologyOf(network: Network): JsonValue {
  return {
    subnet_configs: Object.fromEntries(network.subnets().map((subnet) => [subnet.id.toText(), describeSubnet(subnet)])),
    default_effective_canister_id: encodeId(network.defaultEffectiveCanisterId),
  }
}

/** One subnet in the words of the protocol. */
export function describeSubnet({ kind, seed, costSchedule, subnetAdmins, instructionLimits, ranges, replica }: Subnet): JsonValue {
  return {
    subnet_kind: kindNames[kind],
    size: replica.nodeIds.length,
    subnet_seed: [...seed],
    node_ids: replica.nodeIds.map((id) => ({ node_id: toBase64(id.bytes) })),
    canister_ranges: ranges.map(({ first, last }) => ({
      start: encodeId(Principal.canister(first)),
      end: encodeId(Principal.canister(last)),
    })),
    instruction_config: instructionLimits === 'benchmarking' ? 'Benchmarking' : 'Production',
    cost_schedule: costSchedule === 'free' ? 'Free' : 'Normal',
    subnet_admins: subnetAdmins.length === 0 ? null : subnetAdmins.map((admin) => admin.toText()),
  }
}

function encodeId({ bytes }: Principal): JsonValue {
  return { canister_id: toBase64(bytes) }
}
