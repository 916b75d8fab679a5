import { RejectError } from '@tidemark/types'
import { argumentOf } from '../access.ts'
import type { ManagementCall, ManagementResult } from '../call.ts'
import { fromCandidPrincipal, toCandidPrincipal } from '../codec.ts'
import { replyWith } from '../reply.ts'
import type { Principal as CandidPrincipal } from '@dfinity/principal'

/** Versions that the subnet runs. @see Interface specification, "IC method `subnet_info`" */
export function subnetInfo(call: ManagementCall): ManagementResult {
  requireThisSubnet(call, argumentOf(call, 'subnet_info').subnet_id)
  const { replicaVersion, registryVersion } = call.options
  return replyWith('subnet_info', { replica_version: replicaVersion, registry_version: registryVersion })
}

/**
 * Blocks that each node has proposed so far, an entry for each UTC day at the time of its last block. A replica of one
 * process makes all blocks itself and fails at none; rounds stand for blocks.
 *
 * @see Interface specification, "IC method `node_metrics_history`"
 */
export function nodeMetricsHistory(call: ManagementCall): ManagementResult {
  const arg = argumentOf(call, 'node_metrics_history')
  requireThisSubnet(call, arg.subnet_id)
  const { env, subnet, options } = call
  const days = [...subnet.pastDays, { timeNanos: env.timeNanos, round: subnet.round }]
  const nodes = BigInt(options.nodeIds.length)
  return replyWith(
    'node_metrics_history',
    days
      .filter(({ timeNanos }) => timeNanos >= arg.start_at_timestamp_nanos)
      .map(({ timeNanos, round }) => ({
        timestamp_nanos: timeNanos,
        node_metrics: options.nodeIds.map((id, index) => ({
          node_id: toCandidPrincipal(id),
          num_blocks_proposed_total: (round + nodes - 1n - BigInt(index)) / nodes,
          num_block_failures_total: 0n,
        })),
      })),
  )
}

/**
 * What the subnet has done and holds. Rounds stand for blocks; the bytes of all canisters are looked at every ten rounds.
 *
 * @see Interface specification, "IC method `subnet_metrics`"
 */
export function subnetMetrics(call: ManagementCall): ManagementResult {
  requireThisSubnet(call, argumentOf(call, 'subnet_metrics').subnet_id)
  const { subnet } = call
  return replyWith('subnet_metrics', {
    block_height: subnet.round,
    num_canisters: BigInt(subnet.peekAll().length),
    canister_state_bytes: BigInt(subnet.canisterStateBytes),
    consumed_cycles_total: subnet.burnedCycles,
    update_transactions_total: BigInt(subnet.updateTransactions),
  })
}

function requireThisSubnet(call: ManagementCall, subnet: CandidPrincipal): void {
  const id = fromCandidPrincipal(subnet)
  if (id.equals(call.env.subnetId)) return
  throw new RejectError(
    'CanisterRejectedMessage',
    `Provided target subnet ID ${id.toText()} does not match current subnet ID ${call.env.subnetId.toText()}.`,
  )
}
