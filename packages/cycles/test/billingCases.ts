import { readFileSync } from 'node:fs'
import { createPricing, type Account, type Pricing, type Profile, type SubnetMemory, type WasmMode } from '../src/index.ts'

/** One row of the published billing cases: figures are decimal strings. */
export type BillingCase = {
  readonly id: string
  readonly group: string
  readonly title: string
  readonly input: Readonly<Record<string, string | number>>
  readonly expected: Readonly<Record<string, string>>
}

const file = new URL('./fixtures/billing-cases.json', import.meta.url)
const parsed: { cases: BillingCase[] } = JSON.parse(readFileSync(file, 'utf8'))

export const billingCases: readonly BillingCase[] = parsed.cases

/** A figure of the row's input, 0 when the row does not name it. */
export const figure = (row: BillingCase, name: string): bigint => BigInt(row.input[name] ?? 0)

export const modeOf = (row: BillingCase): WasmMode => (row.input['mode'] === 'wasm64' ? 'wasm64' : 'wasm32')

export const pricingOf = (row: BillingCase): Pricing => {
  const { profile, subnet_size: size, reference_subnet_size: reference, subnet_type: type, cost_schedule: schedule } = row.input
  const known: Profile = profile === '2025' ? '2025' : '2026'
  return createPricing({
    profile: known,
    subnetSize: Number(size),
    sev: reference === 7,
    ...(type === 'system' ? { subnetType: 'system' as const } : {}),
    ...(schedule === 'free' ? { costSchedule: 'free' as const } : {}),
  })
}

export const accountOf = (row: BillingCase): Account => ({
  memoryAllocationBytes: figure(row, 'allocation_bytes'),
  memoryUsageBytes: figure(row, 'usage_bytes'),
  messageMemoryBytes: figure(row, 'message_memory_bytes'),
  computeAllocationPercent: figure(row, 'compute_allocation'),
  balance: figure(row, 'balance'),
  reservedBalance: figure(row, 'reserved_balance'),
  reservedCyclesLimit: figure(row, 'reserved_cycles_limit'),
  freezingThresholdSeconds: figure(row, 'freezing_threshold_seconds'),
})

const gib = 1_073_741_824n

export const subnetOf = (row: BillingCase): SubnetMemory => {
  const usageBytes = figure(row, 'subnet_usage_bytes')
  return { usageBytes, availableBytes: 2_048n * gib - usageBytes, thresholdBytes: 750n * gib, capacityBytes: 2_048n * gib }
}
