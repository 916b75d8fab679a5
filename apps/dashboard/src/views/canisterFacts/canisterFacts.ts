import { formatBytes, formatCycles, formatCyclesExactly, formatDuration } from '@tidemark/cycles'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { formatSetting } from '../../model/byteSize.ts'
import { hookDueAbove } from '../../model/hookCondition.ts'
import type { Sample } from '../../model/sample.ts'

type Fact = { readonly name: string; readonly value: string; readonly exact?: string }

const factsOf = (sample: Sample): readonly Fact[] => {
  const { settings } = sample
  const bytes = (value: bigint): string => `${value} bytes`
  return [
    { name: 'Status', value: sample.status },
    { name: 'Balance', value: formatCycles(sample.balanceCycles), exact: formatCyclesExactly(sample.balanceCycles) },
    {
      name: 'Idle burn',
      value: `${formatCycles(sample.idleCyclesBurnedPerDay)} / day`,
      exact: formatCyclesExactly(sample.idleCyclesBurnedPerDay),
    },
    { name: 'Wasm memory', value: formatBytes(sample.wasmMemoryBytes), exact: bytes(sample.wasmMemoryBytes) },
    { name: 'All memory', value: formatBytes(sample.memoryBytes), exact: bytes(sample.memoryBytes) },
    {
      name: 'Freezing threshold',
      value: formatDuration(settings.freezingThresholdSeconds),
      exact: `${settings.freezingThresholdSeconds} seconds`,
    },
    {
      name: 'Limit',
      value: settings.wasmMemoryLimitBytes === 0n ? 'none' : formatSetting(settings.wasmMemoryLimitBytes),
      exact: bytes(settings.wasmMemoryLimitBytes),
    },
    { name: 'Threshold', value: formatSetting(settings.wasmMemoryThresholdBytes), exact: bytes(settings.wasmMemoryThresholdBytes) },
    { name: 'Hook due above', value: formatBytes(hookDueAbove(settings)), exact: bytes(hookDueAbove(settings)) },
  ]
}

/**
 * What the monitor last read of a canister: money, memory, settings.
 *
 * @prop sample - The latest sample; nothing is shown without one.
 */
export class CanisterFacts extends LitElement {
  static override properties = { sample: { attribute: false } }
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 1px;
        background: var(--rule);
        border: 1px solid var(--rule);
        border-radius: var(--radius-s);
        overflow: clip;
      }
      div {
        padding: 5px 10px 6px;
        background: var(--panel);
      }
      dt {
        font-size: var(--text-xs);
        color: var(--ink-faint);
      }
      dd {
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      .hook-due dd {
        color: var(--coral);
      }
    `,
  ]

  declare sample: Sample | undefined

  constructor() {
    super()
    this.sample = undefined
  }

  protected override render(): TemplateResult {
    if (this.sample === undefined) return html``
    return html`<dl>
      ${factsOf(this.sample).map(
        ({ name, value, exact }) =>
          html`<div class=${name === 'Hook due above' ? 'hook-due' : ''}>
            <dt>${name}</dt>
            <dd title=${exact ?? value}>${value}</dd>
          </div>`,
      )}
    </dl>`
  }
}

customElements.define('canister-facts', CanisterFacts)
