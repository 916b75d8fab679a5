/**
 * The one price table. Every amount is in cycles for a subnet of the reference size, 13 nodes;
 * `pricing.ts` scales it to the size at hand. The profiles are chosen by name, never by the clock:
 * `2025` held from November 2024 until the middle of 2026, `2026` holds since.
 */
export type Profile = '2025' | '2026'

/** How a canister's module addresses its heap; 64-bit modules pay twice per instruction. */
export type WasmMode = 'wasm32' | 'wasm64'

/** Unscaled fees of one profile, in cycles. */
export type Prices = {
  /** Once per created canister. */
  readonly canisterCreation: bigint
  /** Per percent of a core and second of compute allocation. */
  readonly computePercentSecond: bigint
  /** Per executed update message, before its instructions. */
  readonly updateExecution: bigint
  /** Per ten instructions. */
  readonly tenInstructions: { readonly [mode in WasmMode]: bigint }
  /** Per inter-canister call. */
  readonly call: bigint
  /** Per byte of a call's request and of its response. */
  readonly callByte: bigint
  /** Per accepted ingress message. */
  readonly ingress: bigint
  /** Per byte of the signed ingress message. */
  readonly ingressByte: bigint
  /** Per GiB and second. */
  readonly storageGibSecond: bigint
  /** Per second for a canister that is charged for at least one byte. */
  readonly baseSecond: bigint
  readonly ecdsaSignature: bigint
  readonly schnorrSignature: bigint
  readonly vetkdKey: bigint
  /** Legacy HTTPS outcall, per node of the subnet; see `httpOutcall.ts`. */
  readonly httpLinear: bigint
  /** Legacy HTTPS outcall, per node squared. */
  readonly httpQuadratic: bigint
  readonly httpRequestByte: bigint
  readonly httpResponseByte: bigint
  /** `fetch_canister_logs`, per node and call. */
  readonly fetchLogs: bigint
  /** `fetch_canister_logs`, per node and byte of the reply. */
  readonly fetchLogsByte: bigint
  /** Instructions, not cycles: making an instance of a module counts as these besides compiling it, whatever its size. */
  readonly instanceInstructions: bigint
}

const prices2025: Prices = {
  canisterCreation: 500_000_000_000n,
  computePercentSecond: 10_000_000n,
  updateExecution: 5_000_000n,
  tenInstructions: { wasm32: 10n, wasm64: 20n },
  call: 260_000n,
  callByte: 1_000n,
  ingress: 1_200_000n,
  ingressByte: 2_000n,
  storageGibSecond: 127_000n,
  baseSecond: 0n,
  ecdsaSignature: 10_000_000_000n,
  schnorrSignature: 10_000_000_000n,
  vetkdKey: 10_000_000_000n,
  httpLinear: 3_000_000n,
  httpQuadratic: 60_000n,
  httpRequestByte: 400n,
  httpResponseByte: 800n,
  fetchLogs: 1_000_000n,
  fetchLogsByte: 800n,
  instanceInstructions: 0n,
}

/** Fees by profile; the 2026 profile is written as what it changed. */
export const prices: { readonly [profile in Profile]: Prices } = {
  '2025': prices2025,
  '2026': {
    ...prices2025,
    storageGibSecond: 317_500n,
    baseSecond: 10_000n,
    fetchLogs: 5_000_000n,
    fetchLogsByte: 80n,
    instanceInstructions: 20_000_000n,
  },
}

/** Subnet size that the table is written for. */
export const referenceSubnetSize = 13n

/** Reference size of application subnets on confidential (SEV) machines, 2026 profile only. */
export const sevReferenceSubnetSize = 7n

/** One XDR buys this many cycles; fixed by the network. Any figure in another currency is an estimate. */
export const cyclesPerXdr = 1_000_000_000_000n
