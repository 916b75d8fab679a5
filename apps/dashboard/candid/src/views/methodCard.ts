import type { MethodInterface } from '@tidemark/candid'
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { shared } from '../../../src/design/shared.styles.ts'
import { createNode, type FormNode } from '../form/node.ts'
import { renderNode } from '../form/render.ts'
import { FormError, valueOf } from '../form/value.ts'
import { CallEvent } from './methodCard.events.ts'
import { styles } from './methodCard.styles.ts'

/** What came of the last call. */
export type Outcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'replied'; readonly text: string; readonly milliseconds: number }
  | { readonly kind: 'refused'; readonly text: string }

/**
 * One method: its signature, a form for its arguments, and the answer to the last call.
 *
 * @fires candid-call - the form is complete and the user sends it
 */
export class MethodCard extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    name: {},
    method: { attribute: false },
    outcome: { attribute: false },
    error: { state: true },
  }
  static override readonly styles = [shared, styles]

  declare name: string
  declare method: MethodInterface | undefined
  declare outcome: Outcome | undefined
  declare error: FormError | undefined
  #nodes: readonly FormNode[] = []

  constructor() {
    super()
    this.name = ''
  }

  override willUpdate(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (changed.has('method')) this.#nodes = this.method?.args.map((type) => createNode(type)) ?? []
  }

  override render(): TemplateResult {
    const { method, outcome } = this
    if (method === undefined) return html``
    const context = { changed: () => this.requestUpdate(), error: this.error }
    return html`<article aria-labelledby="name">
      <header>
        <h2 id="name">${this.name}</h2>
        <span class="mode">${method.isQuery ? 'query' : 'update'}</span>
        <p class="signature">${signatureOf(method)}</p>
      </header>
      <form @submit=${(event: Event) => this.#send(event, method)} novalidate>
        ${method.args.map((type, at) => renderNode(`argument ${at + 1}`, type.name, this.#nodes[at] ?? createNode(type), context))}
        <button class="button primary" ?disabled=${outcome?.kind === 'waiting'}>${method.isQuery ? 'Query' : 'Call'}</button>
      </form>
      <div role="status">${outcome === undefined ? nothing : answer(outcome)}</div>
    </article>`
  }

  #send(event: Event, method: MethodInterface): void {
    event.preventDefault()
    try {
      const args = method.args.map((type, at) => valueOf(this.#nodes[at] ?? createNode(type), type))
      this.error = undefined
      this.dispatchEvent(new CallEvent(this.name, method, args))
    } catch (error) {
      if (!(error instanceof FormError)) throw error
      this.error = error
    }
  }
}

function signatureOf({ args, results }: MethodInterface): string {
  const list = (types: MethodInterface['args']): string => `(${types.map((type) => type.display()).join(', ')})`
  return `${list(args)} → ${list(results)}`
}

function answer(outcome: Outcome): TemplateResult {
  if (outcome.kind === 'waiting') return html`<p class="quiet">Waiting for the answer …</p>`
  if (outcome.kind === 'refused') return html`<div class="answer refused"><pre>${outcome.text}</pre></div>`
  return html`<div class="answer">
    <pre>${outcome.text}</pre>
    <p class="quiet figures">${Math.round(outcome.milliseconds)} ms</p>
  </div>`
}

customElements.define('method-card', MethodCard)
