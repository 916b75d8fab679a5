import { createPricing, idleCyclesBurnedPerDay, type Profile } from '@tidemark/cycles'
import { accountOf, type BillInputs } from './billInputs.ts'
import type { Sample } from './sample.ts'

const profiles: readonly Profile[] = ['2025', '2026']

/** Whether the network's own figure for an idle day is the one computed here. */
export type LiveAgreement = {
  readonly reportedPerDay: bigint
  readonly computedPerDay: bigint
  /** The profile whose prices give the reported figure exactly; absent when neither does. */
  readonly matches?: Profile
}

/** Compares `idle_cycles_burned_per_day` of `canister_status` with the bill of the same figures. */
export const liveAgreement = (inputs: BillInputs, sample: Sample): LiveAgreement => {
  const account = accountOf(inputs)
  const perDay = (profile: Profile): bigint => idleCyclesBurnedPerDay(createPricing({ profile, subnetSize: inputs.subnetSize }), account)
  const matches = profiles.find((profile) => perDay(profile) === sample.idleCyclesBurnedPerDay)
  return {
    reportedPerDay: sample.idleCyclesBurnedPerDay,
    computedPerDay: perDay(inputs.profile),
    ...(matches === undefined ? {} : { matches }),
  }
}
