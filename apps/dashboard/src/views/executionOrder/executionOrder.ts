import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { panel, shared } from '../../design/shared.styles.ts'
import { summarizeOrder } from '../../model/executionOrder.ts'
import { headlineOf, hookStateOf } from '../../model/headline.ts'
import { viewRuns } from '../../model/memoryRun.ts'
import type { HookView } from '../../model/hookView.ts'
import '../canisterFacts/canisterFacts.ts'
import '../hookSettings/hookSettings.ts'
import type { HookSettingsForm } from '../hookSettings/hookSettings.ts'
import '../memoryChart/memoryChart.ts'
import '../orderStrip/orderStrip.ts'
import { SelectCanisterEvent } from './executionOrder.events.ts'
import { executionOrderStyles } from './executionOrder.styles.ts'

/**
 * The left panel: what a hook canister has executed, its memory on the way to the hook, and the settings that move it.
 *
 * @prop view - The selected canister and everything known of it.
 * @prop waiting - What is said while there is no canister to show.
 * @prop blocked - Why settings and code cannot be changed now.
 * @prop busy - The change that is under way.
 * @fires select-canister
 */
export class ExecutionOrder extends LitElement {
  static override properties = {
    view: { attribute: false },
    waiting: { attribute: false },
    blocked: { attribute: false },
    busy: { attribute: false },
  }
  static override styles = [shared, panel, executionOrderStyles]

  declare view: HookView | undefined
  declare waiting: string
  declare blocked: string | undefined
  declare busy: string | undefined

  constructor() {
    super()
    this.view = undefined
    this.waiting = ''
    this.blocked = undefined
    this.busy = undefined
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('view')
    if (before !== undefined && before.selected !== this.view?.selected) {
      this.renderRoot.querySelector<HookSettingsForm>('hook-settings')?.reset()
    }
  }

  protected override render(): TemplateResult {
    const { view } = this
    return html`<section class="panel" aria-labelledby="title">
      <header class="panel-head">
        <h2 id="title">Execution order</h2>
        ${view === undefined ? nothing : this.renderChoice(view)}
      </header>
      <div class="body">${view === undefined ? html`<p class="waiting">${this.waiting}</p>` : this.renderView(view)}</div>
    </section>`
  }

  private renderChoice(view: HookView): TemplateResult {
    return html`<div class="segments" role="group" aria-label="Hook canister">
      ${view.choices.map(
        ({ name, label, canisterId }) =>
          html`<button
            type="button"
            title="${name} · ${canisterId}"
            aria-pressed=${name === view.selected ? 'true' : 'false'}
            @click=${() => this.dispatchEvent(new SelectCanisterEvent(name))}
          >
            ${label}
          </button>`,
      )}
    </div>`
  }

  private renderView(view: HookView): TemplateResult {
    const { sample, order } = view
    const { current, previous } = viewRuns(view.history, order)
    const headline = headlineOf(summarizeOrder(order), hookStateOf(sample, order))
    // Every heartbeat changes the statement; only the ones that matter are read aloud.
    const spoken = headline.tone === 'due' || headline.tone === 'done' ? 'polite' : 'off'
    return html`<div class="statement" data-tone=${headline.tone} aria-live=${spoken}>
        <p class="headline">${headline.title}</p>
        <p class="detail">${headline.detail}</p>
      </div>
      <memory-chart .current=${current} .previous=${previous} .settings=${sample?.settings}></memory-chart>
      <order-strip .order=${order}></order-strip>
      <div class="rest">
        <p class="identity"><span>${view.selected}</span> <code class="figures">${view.canisterId}</code></p>
        ${view.error === undefined ? nothing : html`<p class="trouble">${view.error}</p>`}
        <canister-facts .sample=${sample}></canister-facts>
        <hook-settings .settings=${sample?.settings} .blocked=${this.blocked} .busy=${this.busy}></hook-settings>
      </div>`
  }
}

customElements.define('execution-order', ExecutionOrder)
