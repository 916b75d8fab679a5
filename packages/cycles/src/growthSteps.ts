import { formatBytes, formatCyclesExactly, formatDuration } from './format.ts'
import type { GrowthCase, GrowthRefusal, GrowthStep, Shortfall } from './growth.ts'

const sizeText = ({ before, after, figures }: GrowthCase): string => {
  const change =
    before.memoryAllocationBytes === after.memoryAllocationBytes
      ? `Usage goes from ${formatBytes(before.memoryUsageBytes)} to ${formatBytes(after.memoryUsageBytes)}; the allocation is ${formatBytes(after.memoryAllocationBytes)}.`
      : `The allocation goes from ${formatBytes(before.memoryAllocationBytes)} to ${formatBytes(after.memoryAllocationBytes)}; usage is ${formatBytes(after.memoryUsageBytes)}.`
  const charged =
    figures.chargedBefore === figures.chargedAfter
      ? `Storage is charged on the larger of the two: ${formatBytes(figures.chargedAfter)} before and after.`
      : `Storage is charged on the larger of the two: ${formatBytes(figures.chargedBefore)} before, ${formatBytes(figures.chargedAfter)} after.`
  return `${change} ${charged}`
}

const capText = ({ after }: GrowthCase, refused: boolean): string =>
  refused
    ? `Before the change of 2025 an allocation was also a cap: ${formatBytes(after.memoryUsageBytes)} is more than the ${formatBytes(after.memoryAllocationBytes)} allocated by ${formatBytes(after.memoryUsageBytes - after.memoryAllocationBytes)}.`
    : `${formatBytes(after.memoryUsageBytes)} is within the cap that the allocation of ${formatBytes(after.memoryAllocationBytes)} was before the change of 2025.`

const freezingText = ({ after, figures }: GrowthCase, refused: boolean): string => {
  const threshold = `the freezing threshold at ${formatBytes(figures.chargedAfter)}, ${formatCyclesExactly(figures.freezingThreshold)} (${formatDuration(after.freezingThresholdSeconds)} of resource fees${after.reservedBalance > 0n ? ', less the reserved balance' : ''})`
  return refused
    ? `The canister would be frozen: its balance of ${formatCyclesExactly(after.balance)} is below ${threshold}. It is short by ${formatCyclesExactly(figures.freezingThreshold - after.balance)}.`
    : `The balance of ${formatCyclesExactly(after.balance)} is not below ${threshold}.`
}

const subnetText = ({ subnet, figures }: GrowthCase, refused: boolean): string => {
  if (figures.newBytes === 0n) return 'Nothing new is taken from the subnet, so it cannot lack memory for this.'
  const taken = `${formatBytes(figures.newBytes)} beyond what is charged already must come from the subnet`
  return refused
    ? `${taken}, which has only ${formatBytes(subnet.availableBytes)} free: short by ${formatBytes(figures.newBytes - subnet.availableBytes)}.`
    : `${taken}, which has ${formatBytes(subnet.availableBytes)} free.`
}

const reservedText = ({ after, subnet, figures }: GrowthCase, refused: boolean): string => {
  if (figures.newBytes === 0n) return 'Nothing new is taken from the subnet, so nothing is reserved.'
  const filled = subnet.usageBytes + figures.newBytes
  const level = `The subnet would hold ${formatBytes(filled)}`
  if (filled <= subnet.thresholdBytes)
    return `${level}, not above its threshold of ${formatBytes(subnet.thresholdBytes)}, so nothing is reserved.`
  if (figures.reservation === 0n) return `${level}, above its threshold, but the reservation comes to 0 cycles.`
  const sum =
    after.reservedBalance === 0n
      ? ''
      : ` With ${formatCyclesExactly(after.reservedBalance)} reserved before that is ${formatCyclesExactly(after.reservedBalance + figures.reservation)}.`
  const over = after.reservedBalance + figures.reservation - after.reservedCyclesLimit
  const limit = `the reserved cycles limit is ${formatCyclesExactly(after.reservedCyclesLimit)}`
  return `${level}, above its threshold of ${formatBytes(subnet.thresholdBytes)}, so ${formatCyclesExactly(figures.reservation)} must be reserved.${sum} ${
    refused ? `Refused: ${limit}, ${formatCyclesExactly(over)} too low.` : `Allowed: ${limit}.`
  }`
}

const balanceText = ({ after, figures }: GrowthCase, refused: boolean): string => {
  if (figures.reservation === 0n) return 'There is no reservation to pay.'
  const balance = `The balance of ${formatCyclesExactly(after.balance)}`
  return refused
    ? `${balance} does not cover the reservation: short by ${formatCyclesExactly(figures.reservation - after.balance)}.`
    : `${balance} covers the reservation; ${formatCyclesExactly(after.balance - figures.reservation)} remain.`
}

const texts: { readonly [check in GrowthRefusal]: (growth: GrowthCase, refused: boolean) => string } = {
  allocation_cap: capText,
  freezing: freezingText,
  subnet_memory: subnetText,
  reserved_limit: reservedText,
  balance: balanceText,
}

/** Only the freezing check is ever left out: for callbacks, and for settings that lower an allocation. */
const skippedText = ({ before, after }: GrowthCase): string =>
  before.memoryAllocationBytes === after.memoryAllocationBytes
    ? 'The freezing threshold is not checked: response callbacks may grow memory below it.'
    : 'The freezing threshold is not checked: an allocation may always be lowered.'

/** Puts a decision into words: what changes, then each check in the order in which it was made. */
export const describeGrowth = (
  growth: GrowthCase,
  checks: readonly GrowthRefusal[],
  skipped: readonly GrowthRefusal[],
  refused: Shortfall | undefined,
): readonly GrowthStep[] => {
  const failedAt = refused === undefined ? checks.length : checks.indexOf(refused.reason)
  const step = (check: GrowthRefusal, position: number): GrowthStep => {
    if (position > failedAt) return { check, verdict: 'skipped', text: 'Not reached: the first check that fails decides.' }
    if (skipped.includes(check)) return { check, verdict: 'skipped', text: skippedText(growth) }
    const failed = position === failedAt
    return { check, verdict: failed ? 'failed' : 'passed', text: texts[check](growth, failed) }
  }
  return [{ check: 'size', verdict: 'note', text: sizeText(growth) }, ...checks.map(step)]
}
