import type { ExampleVariant } from '@tidemark/cycles'
import { html, LitElement, type TemplateResult } from 'lit'
import { appStyles } from './app.styles.ts'
import { shared } from './design/shared.styles.ts'
import { readTheme, rememberTheme } from './design/theme.ts'
import type { Feed, FeedState } from './feed/feed.ts'
import { allocationStory } from './model/allocationStory.ts'
import { billOf } from './model/bill.ts'
import { inputsOfSample, type BillInputs } from './model/billInputs.ts'
import { hookViewOf } from './model/hookView.ts'
import { liveAgreement } from './model/liveAgreement.ts'
import { blockedReason, mayClaim } from './model/permission.ts'
import './views/allocationBill/allocationBill.ts'
import type { LiveSource } from './views/allocationBill/allocationBill.ts'
import { ChoosePricesEvent, FollowLiveEvent } from './views/allocationBill/allocationBill.events.ts'
import { ChooseStoryEvent } from './views/allocationStory/allocationStory.events.ts'
import { MoveSliderEvent } from './views/billSliders/billSliders.events.ts'
import './views/executionOrder/executionOrder.ts'
import { SelectCanisterEvent } from './views/executionOrder/executionOrder.events.ts'
import { RedeployEvent, SaveSettingsEvent } from './views/hookSettings/hookSettings.events.ts'
import { DismissNoticeEvent } from './views/noticeBar/noticeBar.events.ts'
import './views/noticeBar/noticeBar.ts'
import './views/sessionBar/sessionBar.ts'
import { ChooseThemeEvent, SessionEvent, type Theme } from './views/sessionBar/sessionBar.events.ts'
import { networkStateOf, waitingText } from './model/networkState.ts'

/** What the right panel holds. */
type BillState = {
  readonly inputs: BillInputs
  readonly variant: ExampleVariant
  /** The step of the example that the inputs came from; absent once they were changed. */
  readonly step?: number
  readonly followLive: boolean
}

const startPrices = { profile: '2026', subnetSize: 13 } as const

/** Makes a feed that reports every change of what is known. */
export type CreateFeed = (options: { readonly onChange: (state: FeedState) => void }) => Feed

/** The page: the only holder of state. Views hand events up; every event makes a new state, every state a new page. */
export class TidemarkApp extends LitElement {
  static override properties = { feedState: { state: true }, bill: { state: true }, theme: { state: true } }
  static override styles = [shared, appStyles]

  declare private feedState: FeedState
  declare private bill: BillState
  declare private theme: Theme
  private readonly feed: Feed

  /** @param createFeed - Makes the feed that this page is fed by; it is started while the page is on show. */
  constructor(createFeed: CreateFeed) {
    super()
    this.theme = readTheme()
    this.bill = chooseStep({ inputs: stepInputs(startPrices, 'success', 3), variant: 'success', followLive: false }, 3, 'success')
    this.feed = createFeed({ onChange: (state) => this.take(state) })
    this.feedState = this.feed.current()
    this.listen()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.feed.start()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.feed.stop()
  }

  protected override render(): TemplateResult {
    const { feedState: state } = this
    const view = hookViewOf(state)
    return html`<session-bar
        .network=${networkStateOf(state)}
        .session=${{ ready: state.sessionReady, principal: state.principal, mayClaim: mayClaim(state), busy: state.busy !== undefined }}
        .theme=${this.theme}
      ></session-bar>
      <main>
        <execution-order
          .view=${view}
          .waiting=${waitingText(state)}
          .blocked=${blockedReason(state)}
          .busy=${state.busy}
        ></execution-order>
        <allocation-bill
          .view=${billOf(this.bill.inputs)}
          .steps=${allocationStory(this.bill.inputs, this.bill.variant)}
          .chosenStep=${this.bill.step}
          .variant=${this.bill.variant}
          .live=${this.liveSource()}
        ></allocation-bill>
      </main>
      <notice-bar .notice=${state.notice}></notice-bar>`
  }

  private liveSource(): LiveSource {
    const view = hookViewOf(this.feedState)
    if (view?.sample === undefined) return { following: false }
    const { followLive: following, inputs } = this.bill
    return {
      canisterName: view.selected,
      following,
      ...(following ? { agreement: liveAgreement(inputs, view.sample) } : {}),
    }
  }

  private take(state: FeedState): void {
    this.feedState = state
    if (this.bill.followLive) this.bill = followed(this.bill, state)
  }

  private listen(): void {
    this.addEventListener(SelectCanisterEvent.type, (event) => {
      if (event instanceof SelectCanisterEvent) this.feed.select(event.canisterName)
    })
    this.addEventListener(SaveSettingsEvent.type, (event) => {
      if (event instanceof SaveSettingsEvent) void this.feed.saveSettings(event.settings)
    })
    this.addEventListener(RedeployEvent.type, () => void this.feed.redeploy())
    this.addEventListener(DismissNoticeEvent.type, () => this.feed.dismissNotice())
    this.addEventListener(SessionEvent.type, (event) => {
      if (event instanceof SessionEvent) void this.feed[event.wish]()
    })
    this.addEventListener(ChooseThemeEvent.type, (event) => {
      if (!(event instanceof ChooseThemeEvent)) return
      this.theme = event.theme
      rememberTheme(event.theme)
    })
    this.listenToBill()
  }

  private listenToBill(): void {
    this.addEventListener(ChooseStoryEvent.type, (event) => {
      if (event instanceof ChooseStoryEvent) this.bill = chooseStep(this.bill, event.step, event.variant)
    })
    this.addEventListener(MoveSliderEvent.type, (event) => {
      if (event instanceof MoveSliderEvent) this.bill = moved(this.bill, { [event.name]: event.value })
    })
    this.addEventListener(ChoosePricesEvent.type, (event) => {
      if (!(event instanceof ChoosePricesEvent)) return
      const { step, variant, followLive, inputs } = this.bill
      const prices = { profile: event.profile, subnetSize: event.subnetSize }
      // A step of the example is a step at any prices; sliders that were moved keep what they show.
      const bill = { inputs: { ...inputs, ...prices }, variant, followLive }
      this.bill = step === undefined ? bill : chooseStep(bill, step, variant)
    })
    this.addEventListener(FollowLiveEvent.type, (event) => {
      if (!(event instanceof FollowLiveEvent)) return
      const { inputs, variant } = this.bill
      const bill = { inputs, variant, followLive: event.follow }
      this.bill = event.follow ? followed(bill, this.feedState) : bill
    })
  }
}

const stepInputs = (prices: Pick<BillInputs, 'profile' | 'subnetSize'>, variant: ExampleVariant, step: number): BillInputs => {
  const steps = allocationStory(prices, variant)
  const chosen = steps[step] ?? steps.at(-1)
  if (chosen === undefined) throw new RangeError('The example has no steps')
  return chosen.inputs
}

const chooseStep = ({ inputs: { profile, subnetSize } }: BillState, step: number, variant: ExampleVariant): BillState => ({
  inputs: stepInputs({ profile, subnetSize }, variant, step),
  variant,
  step,
  followLive: false,
})

/** A moved slider is the user's own case: no longer a step of the example, no longer the live canister. */
const moved = ({ inputs, variant }: BillState, change: Partial<BillInputs>): BillState => ({
  inputs: { ...inputs, ...change },
  variant,
  followLive: false,
})

const followed = (bill: BillState, state: FeedState): BillState => {
  const sample = hookViewOf(state)?.sample
  return sample === undefined ? bill : { ...bill, inputs: inputsOfSample(bill.inputs, sample) }
}

customElements.define('tidemark-app', TidemarkApp)
