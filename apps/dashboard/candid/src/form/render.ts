/** A form as it is shown: every type by its own control, nested as the types are. */
import { html, nothing, type TemplateResult } from 'lit'
import {
  type BlobNode,
  type ChoiceNode,
  createNode,
  type FormNode,
  labelOf,
  type LineNode,
  type ListNode,
  type OptionNode,
} from './node.ts'
import type { FormError } from './value.ts'

/** What rendering needs of the view around it. */
export type FormContext = {
  /** Shows the form again after it has changed. */
  readonly changed: () => void
  /** What is wrong, and where. */
  readonly error?: FormError | undefined
}

/** One place with its label. */
export function renderNode(label: string, type: string, node: FormNode, context: FormContext): TemplateResult {
  const error = context.error?.node === node ? context.error.message : undefined
  return html`<div class="place ${node.kind}">
    ${control(label, type, node, context)} ${error === undefined ? nothing : html`<p class="wrong" role="alert">${error}</p>`}
  </div>`
}

function control(label: string, type: string, node: FormNode, context: FormContext): TemplateResult {
  switch (node.kind) {
    case 'line':
      return line(label, type, node, context)
    case 'blob':
      return blob(label, node, context)
    case 'flag':
      return html`<label class="check"
        ><input type="checkbox" .checked=${node.value} @change=${(event: Event) => (node.value = checkedOf(event))} />
        ${named(label, type)}</label
      >`
    case 'nothing':
      return html`<p class="name">${named(label, type)}</p>`
    case 'impossible':
      return html`<p class="name">${named(label, type)} has no value</p>`
    case 'option':
      return option(label, type, node, context)
    case 'list':
      return list(label, type, node, context)
    case 'record':
      return html`<fieldset>
        <legend>${named(label, node.isTuple ? 'tuple' : 'record')}</legend>
        ${node.entries.map((entry) => renderNode(entry.label, typeName(entry.node), entry.node, context))}
      </fieldset>`
    case 'choice':
      return choice(label, node, context)
    case 'function':
      return html`<fieldset>
        <legend>${named(label, 'func')}</legend>
        <label
          >canister <input .value=${node.canister} @input=${(event: Event) => (node.canister = textOf(event))} spellcheck="false"
        /></label>
        <label>method <input .value=${node.method} @input=${(event: Event) => (node.method = textOf(event))} spellcheck="false" /></label>
      </fieldset>`
  }
}

function line(label: string, type: string, node: LineNode, { error }: FormContext): TemplateResult {
  const isText = node.type.name === 'text'
  const invalid = error?.node === node
  return html`<label class="name"
    >${named(label, type)}
    ${
      isText
        ? html`<textarea rows="1" .value=${node.text} @input=${(event: Event) => (node.text = textOf(event))}></textarea>`
        : html`<input
            .value=${node.text}
            @input=${(event: Event) => (node.text = textOf(event))}
            aria-invalid=${invalid ? 'true' : 'false'}
            inputmode=${/^(?:nat|int)/.test(node.type.name) ? 'numeric' : 'text'}
            spellcheck="false"
            autocomplete="off"
          />`
    }</label
  >`
}

function blob(label: string, node: BlobNode, { changed }: FormContext): TemplateResult {
  const read = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0]
    if (file !== undefined) node.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
    changed()
  }
  return html`<fieldset>
    <legend>${named(label, 'blob')}</legend>
    <label
      >given as
      <select
        @change=${(event: Event) => {
          node.format = textOf(event) as BlobNode['format']
          changed()
        }}
      >
        ${(['hex', 'text', 'file'] as const).map((format) => html`<option value=${format} ?selected=${node.format === format}>${format}</option>`)}
      </select></label
    >
    ${
      node.format === 'file'
        ? html`<label>file <input type="file" @change=${read} /></label>`
        : html`<label
            >content <input .value=${node.text} @input=${(event: Event) => (node.text = textOf(event))} spellcheck="false"
          /></label>`
    }
  </fieldset>`
}

function option(label: string, type: string, node: OptionNode, context: FormContext): TemplateResult {
  const toggle = (event: Event): void => {
    if (checkedOf(event)) node.content = createNode(node.type)
    else delete node.content
    context.changed()
  }
  return html`<label class="check"
      ><input type="checkbox" .checked=${node.content !== undefined} @change=${toggle} /> ${named(label, type)}</label
    >
    ${node.content === undefined ? nothing : html`<div class="within">${renderNode('value', node.type.name, node.content, context)}</div>`}`
}

function list(label: string, type: string, node: ListNode, context: FormContext): TemplateResult {
  const put = (items: readonly FormNode[]): void => {
    node.items = items
    context.changed()
  }
  return html`<fieldset>
    <legend>${named(label, type)}</legend>
    ${node.items.map(
      (item, at) =>
        html`<div class="item">
          ${renderNode(String(at), typeName(item), item, context)}
          <button
            type="button"
            class="button"
            aria-label="Remove ${label} ${at}"
            @click=${() => put(node.items.filter((other) => other !== item))}
          >
            Remove
          </button>
        </div>`,
    )}
    <button type="button" class="button" @click=${() => put([...node.items, createNode(node.type)])}>Add to ${label}</button>
  </fieldset>`
}

function choice(label: string, node: ChoiceNode, context: FormContext): TemplateResult {
  const choose = (event: Event): void => {
    const found = node.cases.find(([key]) => key === textOf(event))
    if (found === undefined) delete node.chosen
    else node.chosen = { label: found[0], node: createNode(found[1]) }
    context.changed()
  }
  const { chosen } = node
  return html`<label class="name"
      >${named(label, 'variant')}
      <select @change=${choose}>
        <option value="" ?selected=${chosen === undefined}>choose a case</option>
        ${node.cases.map(([key]) => html`<option value=${key} ?selected=${chosen?.label === key}>${labelOf(key)}</option>`)}
      </select></label
    >
    ${
      chosen === undefined || chosen.node.kind === 'nothing'
        ? nothing
        : html`<div class="within">${renderNode(labelOf(chosen.label), typeName(chosen.node), chosen.node, context)}</div>`
    }`
}

function named(label: string, type: string): TemplateResult {
  return html`<span class="said"><span class="label">${label}</span> <span class="type">${type}</span></span>`
}

/** Composed types are explained by what they contain; the others by their name. */
function typeName(node: FormNode): string {
  switch (node.kind) {
    case 'line':
      return node.type.name
    case 'flag':
      return 'bool'
    case 'option':
      return 'opt'
    case 'list':
      return 'vec'
    case 'nothing':
      return 'null'
    default:
      return ''
  }
}

function textOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value
}

function checkedOf(event: Event): boolean {
  return (event.target as HTMLInputElement).checked
}
