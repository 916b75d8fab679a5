import type { Profile } from '@tidemark/cycles'

/** The user wants the prices of another year, or of a subnet of another size. */
export class ChoosePricesEvent extends Event {
  static readonly type = 'choose-prices'
  readonly profile: Profile
  readonly subnetSize: number
  constructor(profile: Profile, subnetSize: number) {
    super(ChoosePricesEvent.type, { bubbles: true, composed: true })
    this.profile = profile
    this.subnetSize = subnetSize
  }
}

/** The user wants the sliders to follow the selected canister, or to stay where they are. */
export class FollowLiveEvent extends Event {
  static readonly type = 'follow-live'
  readonly follow: boolean
  constructor(follow: boolean) {
    super(FollowLiveEvent.type, { bubbles: true, composed: true })
    this.follow = follow
  }
}
