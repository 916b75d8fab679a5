import type { GrowthCheck, GrowthStep } from '@tidemark/cycles'
import { html, LitElement, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { growthChecksStyles } from './growthChecks.styles.ts'

const names: { readonly [check in GrowthStep['check']]: string } = {
  size: 'Size',
  allocation_cap: 'Allocation as a cap',
  freezing: 'Freezing threshold',
  subnet_memory: 'Subnet memory',
  reserved_limit: 'Reserved cycles limit',
  balance: 'Balance for the reservation',
}

const verdicts: { readonly [verdict in GrowthStep['verdict']]: { readonly mark: string; readonly word: string } } = {
  note: { mark: '·', word: '' },
  passed: { mark: '✓', word: 'passed' },
  failed: { mark: '✕', word: 'failed' },
  skipped: { mark: '–', word: 'skipped' },
}

/**
 * The checks of a growth in the order in which the network makes them, each with its verdict and its reason.
 *
 * @prop check - How the growth was decided.
 */
export class GrowthChecks extends LitElement {
  static override properties = { check: { attribute: false } }
  static override styles = [shared, growthChecksStyles]

  declare check: GrowthCheck | undefined

  constructor() {
    super()
    this.check = undefined
  }

  protected override render(): TemplateResult {
    return html`<ol>
      ${(this.check?.steps ?? []).map(({ check, verdict, text }) => {
        const { mark, word } = verdicts[verdict]
        return html`<li class=${verdict}>
          <span class="mark" aria-hidden="true">${mark}</span>
          <p><strong>${names[check]}</strong> <span class="spoken">${word}: </span>${text}</p>
        </li>`
      })}
    </ol>`
  }
}

customElements.define('growth-checks', GrowthChecks)
