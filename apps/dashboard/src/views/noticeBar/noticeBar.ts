import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { DismissNoticeEvent } from './noticeBar.events.ts'

/** What happened, for the user to know. */
export type Notice = { readonly kind: 'done' | 'failed'; readonly text: string }

/**
 * One line about the latest change: that it is done, or why it failed.
 *
 * @prop notice - Nothing is shown without one; the live region stays, so that the next one is read aloud.
 * @fires dismiss-notice
 */
export class NoticeBar extends LitElement {
  static override properties = { notice: { attribute: false } }
  static override styles = [
    shared,
    css`
      .notice {
        position: fixed;
        left: 50%;
        top: 7px;
        z-index: 10;
        display: flex;
        align-items: center;
        gap: 14px;
        width: max-content;
        max-width: min(720px, calc(100vw - 32px));
        max-height: 40vh;
        overflow: auto;
        padding: 6px 8px 6px 16px;
        translate: -50% 0;
        border-radius: var(--radius);
        background: var(--ink);
        color: var(--panel);
        box-shadow: 0 8px 28px rgb(0 0 0 / 28%);
        white-space: pre-line;
        animation: rise 200ms ease-out both;
      }
      .failed {
        background: var(--coral-solid);
        color: var(--on-solid);
      }
      p {
        padding: 2px 0;
        overflow-wrap: anywhere;
      }
      button {
        flex: none;
        width: 24px;
        height: 24px;
        border: 0;
        border-radius: 6px;
        background: none;
        color: inherit;
        cursor: pointer;
      }
      button:focus-visible {
        outline-color: currentColor;
      }
      @keyframes rise {
        from {
          opacity: 0;
          translate: -50% -8px;
        }
      }
    `,
  ]

  declare notice: Notice | undefined

  constructor() {
    super()
    this.notice = undefined
  }

  protected override render(): TemplateResult {
    const { notice } = this
    return html`<div role="status">
      ${
        notice === undefined
          ? nothing
          : html`<div class="notice ${notice.kind}">
              <p>${notice.text}</p>
              <button type="button" aria-label="Dismiss" @click=${() => this.dispatchEvent(new DismissNoticeEvent())}>✕</button>
            </div>`
      }
    </div>`
  }
}

customElements.define('notice-bar', NoticeBar)
