import { formatBytes, formatCycles, formatCyclesExactly, type ExampleVariant, type Profile } from '@tidemark/cycles'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { panel, shared } from '../../design/shared.styles.ts'
import type { StoryStep } from '../../model/allocationStory.ts'
import type { BillView, RuleOutcome } from '../../model/bill.ts'
import type { LiveAgreement } from '../../model/liveAgreement.ts'
import '../allocationGauge/allocationGauge.ts'
import '../allocationStory/allocationStory.ts'
import '../billSliders/billSliders.ts'
import '../growthChecks/growthChecks.ts'
import { ChoosePricesEvent, FollowLiveEvent } from './allocationBill.events.ts'
import { allocationBillStyles } from './allocationBill.styles.ts'

const profiles: readonly Profile[] = ['2025', '2026']
const subnetSizes = [13, 34] as const

/** The sliders' relation to the selected canister. */
export type LiveSource = {
  /** Name of the selected canister; absent while there is no sample of it. */
  readonly canisterName?: string
  readonly following: boolean
  readonly agreement?: LiveAgreement
}

type Rule = 'now' | 'before'

/**
 * The right panel: what memory costs, whether it may grow, and what the change of 2025 altered.
 *
 * @prop view - The bill of the present inputs.
 * @prop steps - The announced example in the chosen variant.
 * @prop chosenStep - The step that the sliders show.
 * @prop variant - The chosen variant of the example.
 * @prop live - Whether the sliders follow the selected canister.
 * @fires choose-prices
 * @fires follow-live
 */
export class AllocationBill extends LitElement {
  static override properties = {
    view: { attribute: false },
    steps: { attribute: false },
    chosenStep: { attribute: false },
    variant: { attribute: false },
    live: { attribute: false },
    rule: { state: true },
  }
  static override styles = [shared, panel, allocationBillStyles]

  declare view: BillView | undefined
  declare steps: readonly StoryStep[]
  declare chosenStep: number | undefined
  declare variant: ExampleVariant
  declare live: LiveSource
  /** Whose reasons are shown. */
  declare private rule: Rule

  constructor() {
    super()
    this.view = undefined
    this.steps = []
    this.chosenStep = undefined
    this.variant = 'success'
    this.live = { following: false }
    this.rule = 'now'
  }

  protected override render(): TemplateResult {
    const { view } = this
    if (view === undefined) return html``
    return html`<section class="panel" aria-labelledby="title">
      <header class="panel-head">
        <h2 id="title">Memory-allocation bill</h2>
        ${this.renderPrices(view)}
      </header>
      <div class="body">
        <allocation-story .steps=${this.steps} .chosen=${this.chosenStep} .variant=${this.variant}></allocation-story>
        <allocation-gauge .view=${view}></allocation-gauge>
        <bill-sliders .inputs=${view.inputs} .live=${this.live.following}>${this.renderLive()}</bill-sliders>
        ${this.renderRules(view)} ${this.renderCosts(view)}
      </div>
    </section>`
  }

  private renderPrices({ inputs }: BillView): TemplateResult {
    const choose = (profile: Profile, subnetSize: number) => () => this.dispatchEvent(new ChoosePricesEvent(profile, subnetSize))
    return html`<div class="prices">
      <div class="segments" role="group" aria-label="Price profile">
        ${profiles.map(
          (profile) =>
            html`<button
              type="button"
              aria-pressed=${profile === inputs.profile ? 'true' : 'false'}
              @click=${choose(profile, inputs.subnetSize)}
            >
              ${profile}<span class="spoken"> prices</span>
            </button>`,
        )}
      </div>
      <div class="segments" role="group" aria-label="Subnet size">
        ${subnetSizes.map(
          (size) =>
            html`<button type="button" aria-pressed=${size === inputs.subnetSize ? 'true' : 'false'} @click=${choose(inputs.profile, size)}>
              ${size} nodes
            </button>`,
        )}
      </div>
    </div>`
  }

  private renderLive(): TemplateResult {
    const { canisterName, following, agreement } = this.live
    return html`<div class="live">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${following}
          ?disabled=${canisterName === undefined}
          @change=${(event: Event) => this.dispatchEvent(new FollowLiveEvent((event.target as HTMLInputElement).checked))}
        />
        <span class="track" aria-hidden="true"></span>
        <span>Live figures${canisterName === undefined ? '' : html` of the selected canister`}</span>
      </label>
      <p class="agreement">${agreement === undefined ? nothing : this.renderAgreement(agreement)}</p>
    </div>`
  }

  private renderAgreement({ reportedPerDay, computedPerDay, matches }: LiveAgreement): TemplateResult {
    const reported = html`<span title=${formatCyclesExactly(reportedPerDay)}>${formatCycles(reportedPerDay)}</span>`
    if (matches !== undefined) return html`Reported: ${reported} a day, exactly ${matches} prices.`
    return html`Reported: ${reported} a day; computed: ${formatCycles(computedPerDay)}.`
  }

  private renderRules({ now, before }: BillView): TemplateResult {
    const shown = this.rule === 'now' ? now : before
    return html`<div class="rules">
      <div class="pair" role="group" aria-label="Rule whose reasons are shown">
        ${this.renderRule('before', 'Before the 2025 change', 'allocation caps usage', before)}
        ${this.renderRule('now', 'Since the change', 'allocation guarantees', now)}
      </div>
      <growth-checks .check=${shown.check}></growth-checks>
    </div>`
  }

  private renderRule(rule: Rule, title: string, meaning: string, { check, chargedAfterBytes }: RuleOutcome): TemplateResult {
    return html`<button
      type="button"
      class=${check.ok ? 'rule ok' : 'rule refused'}
      aria-pressed=${rule === this.rule ? 'true' : 'false'}
      @click=${() => {
        this.rule = rule
      }}
    >
      <span class="rule-title"><strong>${title}</strong> <span class="meaning">${meaning}</span></span>
      <span class="verdict"
        >${check.ok ? 'Growth succeeds' : 'Growth fails'}<span class="charged">charged ${formatBytes(chargedAfterBytes)}</span></span
      >
    </button>`
  }

  private renderCosts({ now, profiles: { bills }, inputs }: BillView): TemplateResult {
    const { bill } = now
    const other = inputs.profile === '2025' ? '2026' : '2025'
    return html`<div class="costs">
      <dl>
        <div>
          <dt>Per day</dt>
          <dd title=${formatCyclesExactly(bill.cyclesPerDay)}>${formatCycles(bill.cyclesPerDay)}</dd>
        </div>
        <div>
          <dt>Per 30 days</dt>
          <dd title=${formatCyclesExactly(bill.cyclesPerDay * 30n)}>${formatCycles(bill.cyclesPerDay * 30n)}</dd>
        </div>
        <div>
          <dt>Frozen below</dt>
          <dd title=${formatCyclesExactly(bill.freezingThreshold)}>${formatCycles(bill.freezingThreshold)}</dd>
        </div>
        <div>
          <dt>Per day at ${other} prices</dt>
          <dd title=${formatCyclesExactly(bills[other].cyclesPerDay)}>${formatCycles(bills[other].cyclesPerDay)}</dd>
        </div>
      </dl>
      <ul class="lines">
        ${bill.lines.map(({ text }) => html`<li>${text}</li>`)}
      </ul>
    </div>`
  }
}

customElements.define('allocation-bill', AllocationBill)
