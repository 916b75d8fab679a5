/**
 * What a canister pays for 100 GiB of allocation while it grows from 96 to 104 GiB, and why its last growth can fail.
 * Run it with Node 24: node examples/billing.ts
 */
import {
  createPricing,
  exampleVariant,
  formatBytes,
  formatCycles,
  formatDuration,
  lifetime,
  memoryAllocationExample,
  type ExampleState,
  type ExampleVariant,
  type Pricing,
} from '@tidemark/cycles'

const row = (...cells: readonly string[]): string =>
  cells
    .map((cell, column) => cell.padEnd(column === 0 ? 32 : 14))
    .join('  ')
    .trimEnd()

const growth = (state: ExampleState): string => (state.check === undefined ? '' : state.check.ok ? 'granted' : 'refused')

const showSteps = (pricing: Pricing): void => {
  console.log(`Prices of ${pricing.profile}, ${pricing.subnetSize} nodes`)
  console.log(row('', 'old rule', 'now', 'charged now', 'per day'))
  for (const { title, before, now } of memoryAllocationExample(pricing)) {
    console.log(row(title, growth(before), growth(now), formatBytes(now.chargedBytes), formatCycles(now.cyclesPerDay)))
  }
  console.log()
}

const showLastGrowth = (pricing: Pricing, variant: ExampleVariant): void => {
  const last = memoryAllocationExample(pricing, exampleVariant(pricing, variant)).at(-1)
  if (last?.now.check === undefined) return
  console.log(`The last growth, ${variant.replaceAll('_', ' ')}`)
  for (const { verdict, text } of last.now.check.steps) {
    if (verdict === 'passed' || verdict === 'failed') console.log(`  ${verdict}  ${text}`)
  }
  console.log()
}

const showLifetime = (pricing: Pricing): void => {
  const gib = 1n << 30n
  const canister = { memoryAllocationBytes: 0n, memoryUsageBytes: gib, freezingThresholdSeconds: 2_592_000n, balance: 2_000_000_000_000n }
  const { secondsUntilFrozen, secondsUntilUninstalled } = lifetime(pricing, canister)
  const span = (seconds: bigint | null): string => (seconds === null ? 'never' : `in ${formatDuration(seconds)}`)
  const holding = `${formatBytes(canister.memoryUsageBytes)} with ${formatCycles(canister.balance)}`
  console.log(`${pricing.profile}: ${holding} freezes ${span(secondsUntilFrozen)}, is uninstalled ${span(secondsUntilUninstalled)}`)
}

const now = createPricing({ profile: '2026' })
const older = createPricing({ profile: '2025' })

showSteps(older)
showSteps(now)
for (const variant of ['success', 'subnet_full', 'would_freeze', 'cannot_reserve', 'reserves'] as const) showLastGrowth(now, variant)
showLifetime(older)
showLifetime(now)
