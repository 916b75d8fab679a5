import { formatBytes, formatCycles, formatDuration } from '@tidemark/cycles'
import { html, LitElement, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import type { BillInputs, SliderName } from '../../model/billInputs.ts'
import { positionOf, scaleOf, valueAt } from '../../model/sliderScale.ts'
import { MoveSliderEvent } from './billSliders.events.ts'
import { billSlidersStyles } from './billSliders.styles.ts'

const sliders: readonly { readonly name: SliderName; readonly label: string; readonly format: (value: bigint) => string }[] = [
  { name: 'allocationBytes', label: 'Memory allocation', format: formatBytes },
  { name: 'usageBytes', label: 'Memory usage', format: formatBytes },
  { name: 'growthBytes', label: 'Growth step', format: formatBytes },
  { name: 'subnetUsageBytes', label: 'Subnet usage', format: formatBytes },
  { name: 'balanceCycles', label: 'Balance', format: formatCycles },
  { name: 'reservedLimitCycles', label: 'Reserved cycles limit', format: formatCycles },
  { name: 'freezingThresholdSeconds', label: 'Freezing threshold', format: formatDuration },
]

/**
 * One slider per figure that the bill depends on.
 *
 * @prop inputs - What the sliders show.
 * @prop live - Whether they follow a canister; its status does not tell how full its subnet is.
 * @fires move-slider
 */
export class BillSliders extends LitElement {
  static override properties = { inputs: { attribute: false }, live: { attribute: false } }
  static override styles = [shared, billSlidersStyles]

  declare inputs: BillInputs | undefined
  declare live: boolean

  constructor() {
    super()
    this.inputs = undefined
    this.live = false
  }

  protected override render(): TemplateResult {
    const { inputs } = this
    if (inputs === undefined) return html``
    return html`<div class="sliders">
      ${sliders.map(({ name, label, format }) => {
        const scale = scaleOf(name)
        const text = format(inputs[name])
        const position = positionOf(scale, inputs[name])
        const last = scale.stops.length - 1
        return html`<div class="slider">
          <label for=${name}>${label}${this.live && name === 'subnetUsageBytes' ? ' (assumed)' : ''}</label>
          <output for=${name}>${text}</output>
          <input
            id=${name}
            type="range"
            min="0"
            max=${last}
            .value=${String(position)}
            aria-valuetext=${text}
            .style=${`--filled: ${((position / last) * 100).toFixed(2)}%`}
            @input=${(event: InputEvent) =>
              this.dispatchEvent(new MoveSliderEvent(name, valueAt(scale, Number((event.target as HTMLInputElement).value))))}
          />
        </div>`
      })}
      <slot></slot>
    </div>`
  }
}

customElements.define('bill-sliders', BillSliders)
