import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import {
  byteUnitNames,
  formatPlainly,
  parseSize,
  typedSizeOf,
  type ByteUnit,
  type ParsedSize,
  type TypedSize,
} from '../../model/byteSize.ts'
import { hookDueAbove, type HookSettings } from '../../model/hookCondition.ts'
import { RedeployEvent, SaveSettingsEvent } from './hookSettings.events.ts'
import { hookSettingsStyles } from './hookSettings.styles.ts'

type Field = 'limit' | 'threshold'

const labels: { readonly [field in Field]: string } = { limit: 'Wasm memory limit', threshold: 'Wasm memory threshold' }

/**
 * The form for limit and threshold, and the button that installs the code afresh.
 *
 * @prop settings - As they are on the canister; the form follows them until someone types.
 * @prop blocked - Why nothing can be changed now; absent when everything can.
 * @prop busy - What is under way; both buttons wait for it.
 * @fires save-settings
 * @fires redeploy
 */
export class HookSettingsForm extends LitElement {
  static override properties = {
    settings: { attribute: false },
    blocked: { attribute: false },
    busy: { attribute: false },
    typed: { state: true },
  }
  static override styles = [shared, hookSettingsStyles]

  declare settings: HookSettings | undefined
  declare blocked: string | undefined
  declare busy: string | undefined
  /** What stands in the form once someone has typed; absent while it follows the canister. */
  declare private typed: { readonly [field in Field]: TypedSize } | undefined

  constructor() {
    super()
    this.settings = undefined
    this.blocked = undefined
    this.busy = undefined
    this.typed = undefined
  }

  /** Shows the canister's own settings again, for another canister or after they were saved. */
  reset(): void {
    this.typed = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Saved: the canister now has what the form says, so the form may follow it again.
    if (changed.has('settings') && !this.isChanged()) this.typed = undefined
  }

  protected override render(): TemplateResult {
    const parsed = this.parsed()
    const disabled = this.blocked !== undefined || this.busy !== undefined
    return html`<form @submit=${(event: SubmitEvent) => this.submit(event)} novalidate>
      <div class="fields">
        ${this.renderField('limit', parsed.limit)} ${this.renderField('threshold', parsed.threshold)}
        <div class="actions">
          <button class="button primary" type="submit" ?disabled=${disabled || !this.isChanged()}>Save settings</button>
          <button class="button" type="button" ?disabled=${disabled} @click=${() => this.dispatchEvent(new RedeployEvent())}>
            Redeploy
          </button>
        </div>
      </div>
      <p class="note" role="status">${this.note(parsed)}</p>
    </form>`
  }

  private renderField(field: Field, parsed: ParsedSize): TemplateResult {
    const { amount, unit } = this.shown()[field]
    const message = parsed.ok ? '' : parsed.message
    return html`<div class="field">
      <label for=${field}>${labels[field]}</label>
      <span class="size" ?data-invalid=${!parsed.ok}>
        <input
          id=${field}
          inputmode="decimal"
          autocomplete="off"
          .value=${amount}
          ?disabled=${this.blocked !== undefined}
          aria-invalid=${parsed.ok ? 'false' : 'true'}
          aria-describedby=${parsed.ok ? nothing : `${field}-message`}
          @input=${(event: InputEvent) => this.type(field, { amount: (event.target as HTMLInputElement).value, unit })}
        />
        <select
          aria-label="Unit of the ${labels[field]}"
          ?disabled=${this.blocked !== undefined}
          @change=${(event: Event) => this.type(field, { amount, unit: (event.target as HTMLSelectElement).value as ByteUnit })}
        >
          ${byteUnitNames.map((name) => html`<option value=${name} ?selected=${name === unit}>${name}</option>`)}
        </select>
      </span>
      ${message === '' ? nothing : html`<span class="message" id="${field}-message">${message}</span>`}
    </div>`
  }

  private note(parsed: { readonly [field in Field]: ParsedSize }): string {
    if (this.busy !== undefined) return this.busy
    if (this.blocked !== undefined) return this.blocked
    if (!parsed.limit.ok || !parsed.threshold.ok) return ''
    const settings = { wasmMemoryLimitBytes: parsed.limit.bytes, wasmMemoryThresholdBytes: parsed.threshold.bytes }
    const due = formatPlainly(hookDueAbove(settings))
    return this.isChanged()
      ? `With these settings the hook is due above ${due}.`
      : 'Redeploy installs the code afresh: memory and order start again.'
  }

  private shown(): { readonly [field in Field]: TypedSize } {
    if (this.typed !== undefined) return this.typed
    return {
      limit: typedSizeOf(this.settings?.wasmMemoryLimitBytes ?? 0n),
      threshold: typedSizeOf(this.settings?.wasmMemoryThresholdBytes ?? 0n),
    }
  }

  private parsed(): { readonly [field in Field]: ParsedSize } {
    const { limit, threshold } = this.shown()
    return { limit: parseSize(limit), threshold: parseSize(threshold) }
  }

  private isChanged(): boolean {
    const { limit, threshold } = this.parsed()
    return !(
      limit.ok &&
      threshold.ok &&
      limit.bytes === this.settings?.wasmMemoryLimitBytes &&
      threshold.bytes === this.settings.wasmMemoryThresholdBytes
    )
  }

  private type(field: Field, size: TypedSize): void {
    this.typed = { ...this.shown(), [field]: size }
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault()
    const { limit, threshold } = this.parsed()
    if (!limit.ok || !threshold.ok || this.blocked !== undefined || this.busy !== undefined) return
    this.dispatchEvent(new SaveSettingsEvent({ wasmMemoryLimitBytes: limit.bytes, wasmMemoryThresholdBytes: threshold.bytes }))
  }
}

customElements.define('hook-settings', HookSettingsForm)
