import { announcedSituation, exampleVariant, formatBytes, gib, memoryAllocationExample, type ExampleVariant } from '@tidemark/cycles'
import { inputsOfSituation, pricingOf, type BillInputs } from './billInputs.ts'

/** What may be in the way of the last growth; `success` is the published case. */
export const storyVariants: readonly { readonly variant: ExampleVariant; readonly label: string }[] = [
  { variant: 'success', label: 'Quiet subnet' },
  { variant: 'reserves', label: 'Busy subnet' },
  { variant: 'subnet_full', label: 'Full subnet' },
  { variant: 'would_freeze', label: 'Low balance' },
  { variant: 'cannot_reserve', label: 'Low reserve limit' },
]

/** One of the four steps. */
export type StoryStep = {
  /** The figure people know the step by: 100, 96, 98 and 104 GiB. */
  readonly figure: string
  readonly title: string
  readonly chargedNow: string
  readonly okNow: boolean
  readonly okBefore: boolean
  /** What the sliders show when the step is chosen. */
  readonly inputs: BillInputs
}

const growths: readonly bigint[] = [96n * gib, 2n * gib, 6n * gib]

/**
 * The published example from the beginning: 100 GiB are allocated, 96 come into use, 2 more, then 6 more.
 * States and verdicts come from `memoryAllocationExample`.
 */
export const allocationStory = (prices: Pick<BillInputs, 'profile' | 'subnetSize'>, variant: ExampleVariant): readonly StoryStep[] => {
  const pricing = pricingOf(prices)
  const changes = { ...exampleVariant(pricing, variant), memoryUsageBytes: 0n, growthsBytes: growths }
  const situation = { ...announcedSituation(pricing), ...changes }
  const steps = memoryAllocationExample(pricing, changes)
  return steps.map((step, index) => {
    const earlier = steps[index - 1]
    const usage = earlier?.now.memoryUsageBytes ?? 0n
    const subnetUsageBytes = earlier?.now.subnetUsageBytes ?? situation.subnetUsageBytes
    const first = index === 0
    return {
      figure: formatBytes(first ? situation.memoryAllocationBytes : usage + step.growthBytes),
      title: first ? 'allocated' : index === 1 ? 'in use' : `+${formatBytes(step.growthBytes)}`,
      chargedNow: formatBytes(step.now.chargedBytes),
      okNow: step.now.check?.ok ?? true,
      okBefore: step.before.check?.ok ?? true,
      inputs: inputsOfSituation(prices, { ...situation, subnetUsageBytes }, usage, step.growthBytes),
    }
  })
}
