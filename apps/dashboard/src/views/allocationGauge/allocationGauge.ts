import { chargedBytes, formatBytes } from '@tidemark/cycles'
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import type { BillView } from '../../model/bill.ts'
import { allocationGaugeStyles } from './allocationGauge.styles.ts'

const height = 58
const bar = { top: 20, bottom: 42 }

/**
 * Allocation, usage and growth on one scale, and what is charged of them: the larger of allocation and usage.
 *
 * @prop view - The bill.
 */
export class AllocationGauge extends LitElement {
  static override properties = { view: { attribute: false }, width: { state: true } }
  static override styles = [shared, allocationGaugeStyles]

  declare view: BillView | undefined
  declare width: number

  private readonly resized = new ResizeObserver(([entry]) => {
    if (entry !== undefined && entry.contentRect.width > 0) this.width = Math.round(entry.contentRect.width)
  })

  constructor() {
    super()
    this.view = undefined
    this.width = 640
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resized.disconnect()
  }

  protected override render(): TemplateResult {
    if (this.view === undefined) return html``
    const { inputs, now } = this.view
    const allocation = formatBytes(inputs.allocationBytes)
    return html`<p class="formula">
        <span class="term">charged</span> = max(<span class="term allocation">allocation</span> ${allocation},
        <span class="term usage">usage</span> ${formatBytes(now.usageAfterBytes)}) =
        <strong>${formatBytes(now.chargedAfterBytes)}</strong>
      </p>
      ${this.renderBar(this.view)}`
  }

  private renderBar({ inputs, now }: BillView): TemplateResult {
    const wanted = inputs.usageBytes + inputs.growthBytes
    const whole = chargedBytes(inputs.allocationBytes, wanted)
    const xOf = (bytes: bigint): number => (whole === 0n ? 0 : (Number(bytes) / Number(whole)) * (this.width - 2)) + 1
    const used = xOf(inputs.usageBytes)
    const grown = xOf(wanted)
    const allocated = xOf(inputs.allocationBytes)
    const near = allocated > this.width - 150
    return html`<svg viewBox="0 0 ${this.width} ${height}" width=${this.width} height=${height} aria-hidden="true">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-ground" width="6" height="6"></rect>
          <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
        </pattern>
      </defs>
      <rect class="tank" x="1" y=${bar.top} width=${Math.max(allocated - 1, 0)} height=${bar.bottom - bar.top} rx="3"></rect>
      <rect class="usage" x="1" y=${bar.top} width=${Math.max(used - 1, 0)} height=${bar.bottom - bar.top} rx="2"></rect>
      <rect
        class=${now.check.ok ? 'growth' : 'growth refused'}
        x=${used}
        y=${bar.top}
        width=${Math.max(grown - used, 0)}
        height=${bar.bottom - bar.top}
      ></rect>
      ${
        inputs.allocationBytes === 0n
          ? nothing
          : svg`<line class="allocation" x1=${allocated} x2=${allocated} y1=${bar.top - 6} y2=${bar.bottom + 3}></line>
            <text class="allocation-label" x=${near ? allocated - 5 : allocated + 5} y=${bar.top - 8} text-anchor=${near ? 'end' : 'start'}>allocation ${formatBytes(inputs.allocationBytes)}</text>`
      }
      <text x="1" y=${bar.bottom + 14}>used ${formatBytes(inputs.usageBytes)}</text>
      <text class=${now.check.ok ? 'growth-label' : 'growth-label refused'} x=${this.width - 1} y=${bar.bottom + 14} text-anchor="end">
        ${inputs.growthBytes === 0n ? '' : `${now.check.ok ? '+' : 'refused: +'}${formatBytes(inputs.growthBytes)} = ${formatBytes(wanted)}`}
      </text>
    </svg>`
  }
}

customElements.define('allocation-gauge', AllocationGauge)
