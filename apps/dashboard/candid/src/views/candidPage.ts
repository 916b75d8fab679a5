import { Principal } from '@dfinity/principal'
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { shared } from '../../../src/design/shared.styles.ts'
import type { Network } from '../../../src/feed/network.ts'
import { openSession, type Session, type SessionPort } from '../../../src/feed/session.ts'
import { type Caller, connect } from '../caller.ts'
import { styles } from './candidPage.styles.ts'
import './methodCard.ts'
import type { Outcome } from './methodCard.ts'
import { CallEvent } from './methodCard.events.ts'

/** A canister's interface as a page: every method can be called, by nobody in particular or by whoever has signed in. */
export class CandidPage extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    network: { attribute: false },
    canister: {},
    did: {},
    caller: { state: true },
    failure: { state: true },
    filter: { state: true },
    outcomes: { state: true },
    principal: { state: true },
  }
  static override readonly styles = [shared, styles]

  declare network: Network
  /** Text of the canister's id, as the address has it. */
  declare canister: string
  /** Text of an interface, for canisters that publish none. */
  declare did: string | undefined
  declare caller: Caller | undefined
  declare failure: string | undefined
  declare filter: string
  declare outcomes: ReadonlyMap<string, Outcome>
  declare principal: string | undefined
  #session: SessionPort | undefined
  /** The last change of who calls: what comes of an earlier one is of no interest. */
  #connecting: object | undefined

  constructor() {
    super()
    this.filter = ''
    this.outcomes = new Map()
    this.addEventListener(CallEvent.type, (event) => {
      if (event instanceof CallEvent) void this.#call(event)
    })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#start()
  }

  override render(): TemplateResult {
    return html`<header class="top">
        <div>
          <h1>Candid interface</h1>
          <p class="id">${this.canister === '' ? 'no canister' : this.canister}</p>
        </div>
        <div class="who">${this.#who()}</div>
      </header>
      <main>${this.failure === undefined ? this.#methods() : html`<p class="notice wrong" role="alert">${this.failure}</p>`}</main>`
  }

  #who(): TemplateResult {
    if (this.#session === undefined) return html``
    if (this.principal === undefined)
      return html`<span>Calls are anonymous.</span> <button class="button" @click=${() => void this.#signIn()}>Sign in</button>`
    return html`<span class="figures">${this.principal}</span>
      <button class="button" @click=${() => void this.#session?.logout()}>Sign out</button>`
  }

  #methods(): TemplateResult {
    const { caller } = this
    if (caller === undefined) return html`<p class="notice">Reading the interface …</p>`
    const wanted = this.filter.toLowerCase()
    const shown = [...caller.interface.methods].filter(([name]) => name.toLowerCase().includes(wanted))
    return html`<div class="tools">
        <label
          >Find a method
          <input type="search" .value=${this.filter} @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)}
        /></label>
      </div>
      <div class="methods">
        ${shown.map(
          ([name, method]) => html`<method-card .name=${name} .method=${method} .outcome=${this.outcomes.get(name)}></method-card>`,
        )}
      </div>
      ${shown.length === 0 ? html`<p class="notice">No method of this name.</p>` : nothing}
      <details>
        <summary>The interface as text</summary>
        <pre tabindex="0">${caller.did}</pre>
      </details>`
  }

  async #start(): Promise<void> {
    if (this.canister === '') {
      this.failure = 'Add the id of a canister to the address of this page: ?id=…'
      return
    }
    try {
      this.#session = await openSession({
        network: this.network,
        onChange: (session) => void this.#connect(session),
      })
      const session = await this.#session.verified()
      if (session.identity === undefined && this.#connecting === undefined) await this.#connect(session)
    } catch (error) {
      this.failure = messageOf(error)
    }
  }

  /** Who is shown and who calls change at once: nobody's call goes out under a name that the page does not show. */
  async #connect({ identity, principal }: Session): Promise<void> {
    const attempt = {}
    this.#connecting = attempt
    const put = (caller: Caller | undefined, failure: string | undefined): void => {
      if (this.#connecting !== attempt) return
      this.caller = caller
      this.failure = failure
      this.principal = principal
    }
    try {
      const canisterId = parseId(this.canister)
      const caller = await connect({ network: this.network, canisterId, identity, did: this.did })
      // Forms belong to the interface that they were filled in for: the same one again leaves them alone.
      put(caller.did === this.caller?.did ? { ...caller, interface: this.caller.interface } : caller, undefined)
    } catch (error) {
      put(undefined, messageOf(error))
    }
  }

  async #signIn(): Promise<void> {
    try {
      await this.#session?.login()
    } catch {
      // The window was closed: nothing has changed, and the page says so by staying as it is.
    }
  }

  async #call({ method, signature, args }: CallEvent): Promise<void> {
    const { caller } = this
    if (caller === undefined) return
    this.#put(method, { kind: 'waiting' })
    try {
      this.#put(method, { kind: 'replied', ...(await caller.call(method, signature, args)) })
    } catch (error) {
      this.#put(method, { kind: 'refused', text: messageOf(error) })
    }
  }

  #put(method: string, outcome: Outcome): void {
    this.outcomes = new Map(this.outcomes).set(method, outcome)
  }
}

function parseId(text: string): Principal {
  try {
    return Principal.fromText(text)
  } catch {
    throw new Error(`“${text}” is no canister id.`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

customElements.define('candid-page', CandidPage)
