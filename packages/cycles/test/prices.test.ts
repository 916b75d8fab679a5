import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  canisterCreationFee,
  chainKeyFee,
  computeCost,
  createPricing,
  defaultFreezingThresholdSeconds,
  defaultReservedCyclesLimit,
  chargeIntervalSeconds,
  executionBaseFee,
  httpOutcallFee,
  instructionLimits,
  instructionsCost,
  maxReservationSeconds,
  maxResponsePayloadBytes,
  prices,
  scale,
  subnetMemory,
  type Pricing,
  type Profile,
} from '../src/index.ts'

type Table = Readonly<Record<string, string | number>>
type File = {
  readonly profiles: Readonly<Record<Profile, { readonly fees: Table; readonly scaled_by_subnet_size: Readonly<Record<string, Table>> }>>
  readonly limits: Table
}

const file: File = JSON.parse(readFileSync(new URL('./fixtures/prices.json', import.meta.url), 'utf8'))
const profiles: readonly Profile[] = ['2025', '2026']

const text = (figures: Readonly<Record<string, bigint>>): Table =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value.toString()]))

const httpBase = (pricing: Pricing): bigint => httpOutcallFee(pricing, { requestBytes: 0, maxResponseBytes: 0 })

const scaled = (pricing: Pricing): Table =>
  text({
    canister_creation_fee: canisterCreationFee(pricing),
    compute_percent_allocated_per_second_fee: computeCost(pricing, 1, 1n),
    update_message_execution_fee: executionBaseFee(pricing),
    xnet_call_fee: scale(pricing, pricing.prices.call),
    xnet_byte_transmission_fee: scale(pricing, pricing.prices.callByte),
    ingress_message_reception_fee: scale(pricing, pricing.prices.ingress),
    ingress_byte_reception_fee: scale(pricing, pricing.prices.ingressByte),
    gib_storage_per_second_fee: scale(pricing, pricing.prices.storageGibSecond),
    base_per_second_fee: scale(pricing, pricing.prices.baseSecond),
    ecdsa_signature_fee: chainKeyFee(pricing, 'ecdsa'),
    schnorr_signature_fee: chainKeyFee(pricing, 'schnorr'),
    vetkd_fee: chainKeyFee(pricing, 'vetkd'),
    one_billion_instructions_wasm32: instructionsCost(pricing, 1_000_000_000n, 'wasm32'),
    one_billion_instructions_wasm64: instructionsCost(pricing, 1_000_000_000n, 'wasm64'),
    http_request_base: httpBase(pricing),
    http_per_request_byte: httpOutcallFee(pricing, { requestBytes: 1, maxResponseBytes: 0 }) - httpBase(pricing),
    http_per_response_byte: httpOutcallFee(pricing, { requestBytes: 0, maxResponseBytes: 1 }) - httpBase(pricing),
  })

describe.each(profiles)('profile %s', (profile) => {
  const tables = file.profiles[profile]

  test('the fee table is the published one', () => {
    const table = prices[profile]
    expect({
      ...text({
        canister_creation_fee: table.canisterCreation,
        compute_percent_allocated_per_second_fee: table.computePercentSecond,
        update_message_execution_fee: table.updateExecution,
        ten_update_instructions_execution_fee: table.tenInstructions.wasm32,
        ten_update_instructions_execution_fee_wasm64: table.tenInstructions.wasm64,
        xnet_call_fee: table.call,
        xnet_byte_transmission_fee: table.callByte,
        ingress_message_reception_fee: table.ingress,
        ingress_byte_reception_fee: table.ingressByte,
        gib_storage_per_second_fee: table.storageGibSecond,
        base_per_second_fee: table.baseSecond,
        ecdsa_signature_fee: table.ecdsaSignature,
        schnorr_signature_fee: table.schnorrSignature,
        vetkd_fee: table.vetkdKey,
        http_request_linear_baseline_fee: table.httpLinear,
        http_request_quadratic_baseline_fee: table.httpQuadratic,
        http_request_per_byte_fee: table.httpRequestByte,
        http_response_per_byte_fee: table.httpResponseByte,
        default_reserved_balance_limit: defaultReservedCyclesLimit,
        fetch_canister_logs_base_fee: table.fetchLogs,
        fetch_canister_logs_per_byte_fee: table.fetchLogsByte,
      }),
      reference_subnet_size: Number(createPricing({ profile }).referenceSize),
      duration_between_allocation_charges_seconds: Number(chargeIntervalSeconds),
      max_storage_reservation_period_seconds: Number(maxReservationSeconds),
    }).toEqual(tables.fees)
  })

  test.each(Object.keys(tables.scaled_by_subnet_size).map(Number))('%i nodes', (subnetSize) => {
    expect(scaled(createPricing({ profile, subnetSize }))).toEqual(tables.scaled_by_subnet_size[subnetSize])
  })
})

test('limits are the published ones', () => {
  expect({
    instructions_per_message: instructionLimits.update,
    instructions_per_install_code: instructionLimits.installCode,
    instructions_per_query: instructionLimits.query,
    instructions_per_inspect_message: instructionLimits.inspectMessage,
    instructions_per_slice: instructionLimits.slice,
    max_inter_canister_payload_bytes: maxResponsePayloadBytes,
    subnet_memory_threshold_bytes: subnetMemory.thresholdBytes,
    subnet_memory_capacity_bytes: subnetMemory.capacityBytes,
    subnet_memory_reservation_for_callbacks_bytes: subnetMemory.heldBackBytes,
    scheduler_cores: subnetMemory.schedulerCores,
    default_freezing_threshold_seconds: defaultFreezingThresholdSeconds,
  }).toEqual(
    Object.fromEntries(
      [
        'instructions_per_message',
        'instructions_per_install_code',
        'instructions_per_query',
        'instructions_per_inspect_message',
        'instructions_per_slice',
        'max_inter_canister_payload_bytes',
        'subnet_memory_threshold_bytes',
        'subnet_memory_capacity_bytes',
        'subnet_memory_reservation_for_callbacks_bytes',
        'scheduler_cores',
        'default_freezing_threshold_seconds',
      ].map((name) => [name, BigInt(file.limits[name] ?? -1)]),
    ),
  )
})
