import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { shared } from '../../src/design/shared.styles.ts'
import { identityPageStyles } from './identityPage.styles.ts'

/** What the page shows. */
export type PageState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'asking'; readonly origin: string; readonly derivationOrigin: string; readonly purpose: 'application' | 'command' }
  | { readonly kind: 'working' }
  | { readonly kind: 'finished'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }

/** The user signs in with a number. */
export class SignInEvent extends Event {
  static readonly type = 'sign-in'
  readonly userNumber: number
  constructor(userNumber: number) {
    super(SignInEvent.type, { bubbles: true, composed: true })
    this.userNumber = userNumber
  }
}

/** The user wants a new number. */
export class RegisterEvent extends Event {
  static readonly type = 'register'
  constructor() {
    super(RegisterEvent.type, { bubbles: true, composed: true })
  }
}

/** The user does not want to sign in. */
export class RefuseEvent extends Event {
  static readonly type = 'refuse'
  constructor() {
    super(RefuseEvent.type, { bubbles: true, composed: true })
  }
}

/**
 * The sign-in page. Its element ids are those that tools which drive a sign-in look for.
 *
 * @prop state - What is asked, or how it ended.
 * @prop known - User numbers of this browser, the latest first.
 * @prop created - The number just given to a new user, who has not gone on yet.
 * @fires sign-in
 * @fires register
 * @fires refuse
 */
export class IdentityPage extends LitElement {
  static override properties = {
    state: { attribute: false },
    known: { attribute: false },
    created: { attribute: false },
    registering: { state: true },
  }
  static override styles = [shared, identityPageStyles]

  declare state: PageState
  declare known: readonly number[]
  declare created: number | undefined
  declare private registering: boolean

  constructor() {
    super()
    this.state = { kind: 'waiting' }
    this.known = []
    this.created = undefined
    this.registering = false
  }

  protected override render(): TemplateResult {
    return html`<main>
      <p class="stand-in">
        <strong>Local stand-in.</strong> This is not Internet Identity. It belongs to the Tidemark network on this machine; its keys protect
        nothing and work nowhere else.
      </p>
      <h1>Sign in</h1>
      <div role="status">${this.renderState()}</div>
    </main>`
  }

  private renderState(): TemplateResult {
    const { state } = this
    switch (state.kind) {
      case 'waiting':
        return html`<p>Waiting for an application to ask. Open this page from an application's login button.</p>`
      case 'working':
        return html`<p>Signing…</p>`
      case 'finished':
        return html`<p>${state.text}</p>`
      case 'failed':
        return html`<p class="failed">${state.text}</p>`
      case 'asking':
        return html`<p>
            ${state.purpose === 'command' ? 'A command on this machine asks for an identity at' : 'Asked by'}
            <code class="figures">${state.origin}</code>
            ${state.derivationOrigin === state.origin ? nothing : html`for the identity at <code class="figures">${state.derivationOrigin}</code>, which this stand-in grants unchecked`}
          </p>
          ${this.created === undefined ? this.renderChoice() : this.renderCreated(this.created)}`
    }
  }

  private renderChoice(): TemplateResult {
    return html`${
        this.known.length === 0
          ? html`<p class="quiet">No user number has been used in this browser yet.</p>`
          : html`<ul aria-label="User numbers of this browser">
              ${this.known.map(
                (userNumber) =>
                  html`<li>
                    <button type="button" class="number" data-anchor-id=${userNumber} @click=${() => this.signIn(userNumber)}>
                      ${userNumber}<span>Sign in</span>
                    </button>
                  </li>`,
              )}
            </ul>`
      }
      <div class="actions">
        <button
          type="button"
          id="registerButton"
          class="button primary"
          ?disabled=${this.registering}
          @click=${() => {
            this.registering = true
            this.dispatchEvent(new RegisterEvent())
          }}
        >
          New user number
        </button>
        <button type="button" class="button" @click=${() => this.dispatchEvent(new RefuseEvent())}>Cancel</button>
      </div>`
  }

  private renderCreated(userNumber: number): TemplateResult {
    return html`<p>Your user number is</p>
      <p class="created" id="userNumber">${userNumber}</p>
      <div class="actions">
        <button type="button" id="displayUserContinue" class="button primary" @click=${() => this.signIn(userNumber)}>Continue</button>
      </div>`
  }

  private signIn(userNumber: number): void {
    this.dispatchEvent(new SignInEvent(userNumber))
  }
}

customElements.define('identity-page', IdentityPage)
