/**
 * Prints Candid values the way dfx does: one line up to 80 columns, else one item per line;
 * underscores in numbers, a type suffix on every number, blobs as escaped strings.
 */
import { enclosed, type Layout, render, sequence, text } from './layout.ts'
import { type CandidValue, type Field, type Label, labelId } from './value.ts'

const lineWidth = 80
const longestSpreadList = 10
const deepestSpread = 10

const keywords = new Set(
  (
    'import service func type opt vec record variant blob principal nat nat8 nat16 nat32 nat64 int int8 int16 int32 int64 ' +
    'float32 float64 bool text null reserved empty oneway query composite_query'
  ).split(' '),
)

/** Values in parentheses, spread over lines where they are long. */
export function printArguments(values: readonly CandidValue[]): string {
  const items = values.map((value) => spread(value, deepestSpread))
  return render(enclosed('(', items, ',', ')', ''), lineWidth)
}

/** Values in parentheses, on one line whatever their length. */
export function printArgumentsOnOneLine(values: readonly CandidValue[]): string {
  return `(${values.map((value) => oneLine(value)).join(', ')})`
}

function spread(value: CandidValue, depth: number): Layout {
  if (depth === 0) return text(oneLine(value))
  switch (value.kind) {
    case 'text':
      return text(quoted(value.bytes, true))
    case 'opt': {
      const content = spread(value.value, depth - 1)
      return sequence(text('opt '), isSuffixed(value.value) ? enclosed('(', [content], '', ')', '') : content)
    }
    case 'vec':
      if (value.items.length > longestSpreadList) return text(oneLine(value))
      return braces(
        'vec',
        value.items.map((item) => spread(item, depth - 1)),
      )
    case 'record': {
      const bare = isTuple(value.fields)
      return braces(
        'record',
        value.fields.map((field) => (bare ? spread(field.value, depth - 1) : spreadField(field, depth - 1))),
      )
    }
    case 'variant': {
      const content = value.field.value.kind === 'null' ? text(printLabel(value.field.label)) : spreadField(value.field, depth - 1)
      return braces('variant', [content], '')
    }
    default:
      return text(oneLine(value))
  }
}

function braces(keyword: string, items: readonly Layout[], separator = ';'): Layout {
  return sequence(text(`${keyword} `), enclosed('{', items, separator, '}', ' '))
}

function spreadField(field: Field, depth: number): Layout {
  return sequence(text(`${printLabel(field.label)} = `), spread(field.value, depth))
}

function oneLine(value: CandidValue): string {
  switch (value.kind) {
    case 'null':
      return 'null : null'
    case 'none':
      return 'null'
    case 'reserved':
      return 'null : reserved'
    case 'bool':
      return String(value.value)
    case 'number':
      return value.type === undefined ? grouped(value.digits) : `${grouped(value.digits)} : ${value.type}`
    case 'text':
      return quoted(value.bytes, false)
    case 'blob':
      return `blob ${blobText(value.bytes)}`
    case 'principal':
    case 'service':
      return `${value.kind} "${value.id}"`
    case 'func':
      return `func "${value.id}".${printName(value.method)}`
    case 'opt':
      return isSuffixed(value.value) ? `opt (${oneLine(value.value)})` : `opt ${oneLine(value.value)}`
    case 'vec':
      return `vec {${value.items.map((item) => ` ${oneLine(item)};`).join('')}}`
    case 'record':
      return `record {${value.fields.map((field, index) => ` ${oneLineField(field, index)};`).join('')}}`
    case 'variant':
      return value.field.value.kind === 'null'
        ? `variant { ${printLabel(value.field.label)} }`
        : `variant { ${printLabel(value.field.label)} = ${oneLine(value.field.value)} }`
    case 'annotated':
      return oneLine(value.value)
  }
}

function oneLineField(field: Field, index: number): string {
  const content = oneLine(field.value)
  return labelId(field.label) === index ? content : `${printLabel(field.label)} = ${content}`
}

function isSuffixed(value: CandidValue): boolean {
  return value.kind === 'number' || value.kind === 'reserved' || value.kind === 'null'
}

function isTuple(fields: readonly Field[]): boolean {
  return fields.length > 0 && fields.every((field, index) => labelId(field.label) === index)
}

function printLabel(label: Label): string {
  return 'id' in label ? grouped(String(label.id)) : printName(label.name)
}

function printName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !keywords.has(name) ? name : quoted(new TextEncoder().encode(name), true)
}

/** Digits in groups of three; fractions and exponents stay as they are. */
export function grouped(digits: string): string {
  return /^-?[0-9]+$/.test(digits) ? digits.replace(/\B(?=(?:\d{3})+$)/g, '_') : digits
}

function quoted(bytes: Uint8Array, escapeApostrophe: boolean): string {
  const content = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const escaped = content.replace(/["\\\n\r\t'\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (letter) => {
    if (letter === "'") return escapeApostrophe ? "\\'" : letter
    const short = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[letter]
    return short ?? `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`
  })
  return `"${escaped}"`
}

/** Readable where every byte is, else two hexadecimal digits per byte. */
function blobText(bytes: Uint8Array): string {
  const isReadable = bytes.every((byte) => (byte >= 0x20 && byte <= 0x7e) || byte === 9 || byte === 10 || byte === 13)
  let content = ''
  for (const byte of bytes) {
    const plain = isReadable && byte >= 0x20 && byte <= 0x7e && !`"'\`\\`.includes(String.fromCharCode(byte))
    content += plain ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`
  }
  return `"${content}"`
}
