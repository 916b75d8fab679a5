const section = { export: 7, start: 8 } as const

/**
 * The same module with its start function exported as `start` instead of run at instantiation. An upgrade has to put
 * the kept memory in place before the start function runs, which an instance with its own memory does not allow.
 */
export function exportStart(wasm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const sections = splitSections(wasm)
  const start = sections.find(({ id }) => id === section.start)
  if (start === undefined) throw new Error('the module has no start function')
  const parts = sections
    .filter(({ id }) => id !== section.start)
    .map(({ id, body }) => {
      const content = id === section.export ? withExport(body, 'start', start.body) : body
      return [id, ...encodeLeb128(content.length), ...content]
    })
  return Uint8Array.from([...wasm.subarray(0, 8), ...parts.flat()])
}

function splitSections(wasm: Uint8Array): { id: number; body: number[] }[] {
  const sections = []
  let at = 8
  while (at < wasm.length) {
    const id = wasm[at] ?? 0
    const { value, next } = decodeLeb128(wasm, at + 1)
    sections.push({ id, body: Array.from(wasm.subarray(next, next + value)) })
    at = next + value
  }
  return sections
}

function withExport(body: number[], name: string, functionIndex: number[]): number[] {
  const { value: count, next } = decodeLeb128(Uint8Array.from(body.slice(0, 5)), 0)
  return [...encodeLeb128(count + 1), name.length, ...new TextEncoder().encode(name), 0, ...functionIndex, ...body.slice(next)]
}

function decodeLeb128(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  let next = from
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[next] ?? 0
    next += 1
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, next }
  }
}

function encodeLeb128(value: number): number[] {
  const bytes = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return [...bytes, rest]
}
