import { html, LitElement, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { piecesOfOrder, type OrderPiece } from '../../model/executionOrder.ts'
import type { Executed } from '../../model/sample.ts'
import { orderStripStyles } from './orderStrip.styles.ts'

/**
 * The order of execution as a list: one chip per heartbeat, and the hook among them.
 *
 * @prop order - What ran, first entry first.
 */
export class OrderStrip extends LitElement {
  static override properties = { order: { attribute: false } }
  static override styles = [shared, orderStripStyles]

  declare order: readonly Executed[]

  constructor() {
    super()
    this.order = []
  }

  protected override render(): TemplateResult {
    if (this.order.length === 0) return html`<p class="empty">Nothing has run since the code was installed.</p>`
    return html`<ol aria-label="Executed functions, first to last">
      ${piecesOfOrder(this.order).map((piece) => this.renderPiece(piece))}
    </ol>`
  }

  private renderPiece(piece: OrderPiece): TemplateResult {
    if (piece.kind === 'folded') {
      const count = piece.to - piece.from + 1
      return html`<li class="folded" title="Heartbeats ${piece.from} to ${piece.to}">${count} more heartbeats</li>`
    }
    return piece.executed === 'low_wasm_memory'
      ? html`<li class="hook"><span class="position">${piece.position}</span> on_low_wasm_memory</li>`
      : html`<li class="heartbeat"><span class="spoken">Heartbeat </span>${piece.position}</li>`
  }
}

customElements.define('order-strip', OrderStrip)
