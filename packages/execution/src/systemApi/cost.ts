/** What things would cost. @see Interface specification, "Cycle cost calculation". */
import { callPrepayment, canisterCreationFee, chainKeyFee, httpOutcallFee } from '@tidemark/cycles'
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
  cost_sign_with_ecdsa: keyCost('ecdsa', 1),
  cost_sign_with_schnorr: keyCost('schnorr', 2),
  cost_vetkd_derive_key: keyCost('vetkd', 1),
}

function keyCost(operation: 'ecdsa' | 'schnorr' | 'vetkd', algorithms: number) {
  const name = `cost_${operation === 'vetkd' ? 'vetkd_derive_key' : `sign_with_${operation}`}`
  return systemCall(anywhere, ({ execution, memory }: Machine, source: number, size: number, algorithm: number, destination: number) => {
    const bytes = memory.read(`ic0.${name} heap`, source, size)
    const key = decodeUtf8(bytes)
    if (key === undefined) throw contractViolation(`Failed to decode key name ${lossyUtf8.decode(bytes)}`)
    if (algorithm >= algorithms) return unknownAlgorithm
    const nodes = keySubnetSizes.get(key)
    if (nodes === undefined) return unknownKey
    memory.writeAmount(name, destination, chainKeyFee(execution.env.pricing, operation, nodes))
    return 0
  })
}
