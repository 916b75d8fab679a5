import type { Count } from './amounts.ts'
import { maxFetchLogsResponseBytes, wasmChunkBytes } from './limits.ts'
import { perNode, scale, type Pricing } from './pricing.ts'

/** Taken from the cycles attached to `create_canister`; the rest becomes the new balance. Less attached than this is a reject. */
export const canisterCreationFee = (pricing: Pricing): bigint => scale(pricing, pricing.prices.canisterCreation)

/** Operations on keys that a subnet holds together. Asking for a public key is free. */
export type ChainKeyOperation = 'ecdsa' | 'schnorr' | 'vetkd'

/**
 * Fee of one signature or key derivation, taken from attached cycles. System subnets charge it too.
 *
 * @param keySubnetSize - Nodes of the subnet that holds the key, 34 for `key_1` and 13 for `test_key_1` on the
 * public network; the pricing's own subnet when absent.
 */
export const chainKeyFee = (pricing: Pricing, operation: ChainKeyOperation, keySubnetSize?: Count): bigint => {
  if (pricing.costSchedule === 'free') return 0n
  const fees = { ecdsa: pricing.prices.ecdsaSignature, schnorr: pricing.prices.schnorrSignature, vetkd: pricing.prices.vetkdKey }
  const nodes = keySubnetSize === undefined ? pricing.subnetSize : BigInt(keySubnetSize)
  return (fees[operation] * nodes) / pricing.referenceSize
}

/**
 * Fee of `fetch_canister_logs` called by a canister, taken from attached cycles; read by an end user's query it is free.
 * Charged per node and not divided by the reference size.
 */
export const fetchLogsFee = (pricing: Pricing, responseBytes: Count): bigint =>
  perNode(pricing, pricing.prices.fetchLogs + pricing.prices.fetchLogsByte * BigInt(responseBytes))

/** What a call of `fetch_canister_logs` must attach; the part above the actual fee returns. */
export const maxFetchLogsFee = (pricing: Pricing): bigint => fetchLogsFee(pricing, maxFetchLogsResponseBytes)

/** Management calls that are billed as instructions of the target canister, without a base fee; 0 on system subnets. */
export const instructionCharges = {
  /** `upload_chunk`, whatever the size. */
  uploadChunk: 200_000_000n,
  /** Taking or loading a snapshot, plus one instruction per byte of it. */
  snapshot: 2_000_000_000n,
  /** Reading or uploading snapshot data, plus one instruction per byte. */
  snapshotData: 5_000_000n,
  /** Per opcode of the instrumented module, inside `install_code`. */
  compileOpcode: 6_000n,
  /** Per byte of a chunk, which counts as 1 MiB, inside `install_chunked_code`. */
  chunkByte: 1n,
} as const

/** Instructions that taking or loading a snapshot of this size counts as. */
export const snapshotInstructions = (snapshotBytes: bigint): bigint => instructionCharges.snapshot + snapshotBytes

/** Instructions that reading or uploading this much snapshot data counts as. */
export const snapshotDataInstructions = (bytes: bigint): bigint => instructionCharges.snapshotData + bytes

/** How many times less than compiling a module it counts as to load what was compiled. */
const loadingSpeedup = 100n

/** Instructions that compiling a module of this many opcodes counts as. */
export const compileInstructions = (opcodes: bigint): bigint => instructionCharges.compileOpcode * opcodes

/**
 * Instructions that installing a module counts as before any of it runs, and so does loading a snapshot with it:
 * compiling it and making an instance.
 *
 * @param opcodes - Of the module; for one that turns out to be invalid its bytes, unpacked, stand in for them.
 * @param compiledBefore - Whether the subnet has compiled it since its last checkpoint, so that it is only loaded.
 */
export const instanceInstructions = (pricing: Pricing, opcodes: bigint, compiledBefore = false): bigint =>
  pricing.prices.instanceInstructions + compileInstructions(opcodes) / (compiledBefore ? loadingSpeedup : 1n)

/** Instructions that putting a module together from this many chunks counts as, whatever they hold. */
export const assemblyInstructions = (chunks: Count): bigint => instructionCharges.chunkByte * wasmChunkBytes * BigInt(chunks)
