/** What things would cost. @see Interface specification, "Cycle cost calculation". */
import { IDL, idlLabelToId } from '@dfinity/candid'
import { limitDecoding, systemCallsTypes } from '@tidemark/bindings'
import {
  callPrepayment,
  canisterCreationFee,
  type ChainKeyOperation,
  chainKeyFee,
  defaultReplication,
  httpOutcallFee,
  outcallEstimate,
  type Pricing,
  type Replication,
} from '@tidemark/cycles'
import { contractViolation } from '../trap.ts'
import { decodeUtf8 } from './reply.ts'
import { type Machine, type SystemCallGroup, systemCall, unsigned } from './systemCall.ts'

const anywhere = '* s'
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const unknownAlgorithm = 1
const unknownKey = 2

/** Nodes of the subnet that holds a key, by the name of the key. */
const keySubnetSizes: ReadonlyMap<string, number> = new Map([
  ['key_1', 34],
  ['test_key_1', 13],
  ['dfx_test_key', 13],
])

/** System calls that tell prices. */
export const costCalls: SystemCallGroup = {
  cost_call: systemCall(
    anywhere,
    ({ execution, memory, wasmMode }: Machine, nameSize: bigint, payloadSize: bigint, destination: number) => {
      const cost = callPrepayment(execution.env.pricing, {
        methodNameBytes: unsigned(nameSize),
        argumentBytes: unsigned(payloadSize),
        mode: wasmMode,
        instructionLimit: BigInt(execution.env.limits.messageInstructions),
      })
      memory.writeAmount('cost_call', destination, cost.total)
    },
  ),
  cost_create_canister: systemCall(anywhere, ({ execution, memory }: Machine, destination: number) =>
    memory.writeAmount('cost_create_canister', destination, canisterCreationFee(execution.env.pricing)),
  ),
  cost_http_request: systemCall(anywhere, ({ execution, memory }: Machine, requestSize: bigint, maxResponse: bigint, destination: number) =>
    memory.writeAmount(
      'cost_http_request',
      destination,
      httpOutcallFee(execution.env.pricing, { requestBytes: unsigned(requestSize), maxResponseBytes: unsigned(maxResponse) }),
    ),
  ),
  cost_http_request_v2: systemCall(anywhere, ({ execution, memory }: Machine, source: number, size: number, destination: number) => {
    const { pricing } = execution.env
    const params = decodeOutcall(memory.read('ic0.cost_http_request_v2 heap', source, size))
    const usage = {
      downloadedBytes: params.raw_response_bytes,
      milliseconds: params.http_roundtrip_time_ms,
      transformInstructions: params.transform_instructions,
      transformedBytes: params.transformed_response_bytes,
    }
    const cost = outcallEstimate(pricing, params.request_bytes, usage, replicationOf(pricing, params))
    memory.writeAmount('cost_http_request_v2', destination, cost)
  }),
  // The second curve is known, though nobody holds a key on it.
  cost_sign_with_ecdsa: keyCost('ecdsa', ['ecdsa', undefined]),
  cost_sign_with_schnorr: keyCost('schnorr', ['schnorr', 'schnorr']),
  cost_vetkd_derive_key: keyCost('vetkd', ['vetkd']),
}

/** @param algorithms - by number, with what a key of each is charged for; undefined where there is no key */
function keyCost(operation: ChainKeyOperation, algorithms: readonly (ChainKeyOperation | undefined)[]) {
  const name = `cost_${operation === 'vetkd' ? 'vetkd_derive_key' : `sign_with_${operation}`}`
  return systemCall(anywhere, ({ execution, memory }: Machine, source: number, size: number, algorithm: number, destination: number) => {
    const bytes = memory.read(`ic0.${name} heap`, source, size)
    const key = decodeUtf8(bytes)
    if (key === undefined) throw contractViolation(`Failed to decode key name ${lossyUtf8.decode(bytes)}`)
    if (algorithm >= algorithms.length) return unknownAlgorithm
    const nodes = keySubnetSizes.get(key)
    const charged = algorithms[algorithm]
    if (nodes === undefined || charged === undefined) return unknownKey
    memory.writeAmount(name, destination, chainKeyFee(execution.env.pricing, charged, nodes))
    return 0
  })
}

function decodeOutcall(bytes: Uint8Array): systemCallsTypes.CostHttpRequestParams {
  try {
    limitDecoding(bytes)
    refuseOtherFields(bytes)
    // The decoder has checked the value against the type that stands beside it.
    return IDL.decode([systemCallsTypes.CostHttpRequestParams], bytes)[0] as unknown as systemCallsTypes.CostHttpRequestParams
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw contractViolation(`Failed to decode HttpRequestV2CostParams from Candid: ${reason}`)
  }
}

/** Candid passes over fields that nobody asked for; here not even one is worth the work. */
function refuseOtherFields(bytes: Uint8Array): void {
  const [value] = IDL.decode([IDL.Unknown], bytes) as unknown as [{ type(): IDL.Type } | null]
  const type = value?.type()
  if (!(type instanceof IDL.RecordClass)) return
  const known = new Set(systemCallsTypes.CostHttpRequestParams._fields.map(([name]) => idlLabelToId(name)))
  if (type._fields.some(([name]) => !known.has(idlLabelToId(name)))) throw new Error('Skipping cost exceeds the limit')
}

function replicationOf(pricing: Pricing, { outcall_type: [type] }: systemCallsTypes.CostHttpRequestParams): Replication {
  if (type === undefined || 'fully_replicated' in type) return { kind: 'full' }
  if ('non_replicated' in type) return { kind: 'none' }
  const [counts] = type.flexible
  if (counts === undefined) return defaultReplication(Number(pricing.subnetSize))
  const { total_requests: totalRequests, min_responses: minResponses, max_responses: maxResponses } = counts
  return { kind: 'flexible', totalRequests, minResponses, maxResponses }
}
