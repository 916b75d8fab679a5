import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import type { NetworkState } from '../../model/networkState.ts'
import { ChooseThemeEvent, SessionEvent, type Theme } from './sessionBar.events.ts'
import { sessionBarStyles } from './sessionBar.styles.ts'

/** Who is logged in, and what they may do about it. */
export type SessionState = {
  /** Absent before the page knows whether somebody is. */
  readonly ready: boolean
  readonly principal?: string
  readonly mayClaim: boolean
  readonly busy: boolean
}

const themes: readonly { readonly theme: Theme; readonly label: string; readonly icon: ReturnType<typeof svg> }[] = [
  {
    theme: 'light',
    label: 'Light',
    icon: svg`<circle cx="8" cy="8" r="3"></circle><path d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13"></path>`,
  },
  {
    theme: 'system',
    label: 'As the system',
    icon: svg`<circle cx="8" cy="8" r="6"></circle><path class="half" d="M8 2a6 6 0 0 1 0 12z"></path>`,
  },
  { theme: 'dark', label: 'Dark', icon: svg`<path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z"></path>` },
]

/**
 * The bar above the panels: name, network, theme, and the session.
 *
 * @prop network - How the page stands with its network.
 * @prop session - Who is logged in.
 * @prop theme - The chosen theme.
 * @fires session-request
 * @fires choose-theme
 */
export class SessionBar extends LitElement {
  static override properties = { network: { attribute: false }, session: { attribute: false }, theme: { attribute: false } }
  static override styles = [shared, sessionBarStyles]

  declare network: NetworkState
  declare session: SessionState
  declare theme: Theme

  constructor() {
    super()
    this.network = { kind: 'connecting', name: '', detail: '' }
    this.session = { ready: false, mayClaim: false, busy: false }
    this.theme = 'system'
  }

  protected override render(): TemplateResult {
    return html`<header>
      <h1>
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
          <path class="mark" d="M2 7h20"></path>
          <path class="tide" d="M2 14c2.6-3 5-3 7.5 0s5 3 7.5 0 3.5-2.4 5-2V21H2z"></path>
        </svg>
        Tidemark
      </h1>
      <p class="network" data-kind=${this.network.kind}>
        <span class="lamp" aria-hidden="true"></span><span class="name">${this.network.name}</span>
        <span class="detail">${this.network.detail}</span>
      </p>
      <div class="right">
        <div class="segments themes" role="group" aria-label="Theme">
          ${themes.map(
            ({ theme, label, icon }) =>
              html`<button
                type="button"
                title=${label}
                aria-label=${label}
                aria-pressed=${theme === this.theme ? 'true' : 'false'}
                @click=${() => this.dispatchEvent(new ChooseThemeEvent(theme))}
              >
                <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">${icon}</svg>
              </button>`,
          )}
        </div>
        ${this.renderSession()}
      </div>
    </header>`
  }

  private renderSession(): TemplateResult {
    const { ready, principal, mayClaim, busy } = this.session
    const ask = (wish: SessionEvent['wish']) => () => this.dispatchEvent(new SessionEvent(wish))
    if (principal === undefined) {
      return html`<button type="button" class="button primary" data-tid="login-button" ?disabled=${!ready || busy} @click=${ask('login')}>
        Log in
      </button>`
    }
    return html`${
        mayClaim
          ? html`<button type="button" class="button primary" ?disabled=${busy} @click=${ask('claim')}>Claim this local network</button>`
          : nothing
      }
      <span class="principal" title=${principal}>
        <span class="spoken">Logged in as </span><code class="figures">${principal.slice(0, 5)}…${principal.slice(-3)}</code>
      </span>
      <button type="button" class="button" ?disabled=${busy} @click=${ask('logout')}>Log out</button>`
  }
}

customElements.define('session-bar', SessionBar)
