/** A client that speaks the protocol without a library, to a server in this process. */
import { formatDebugPrint, createPocketIcApi } from '../../src/index.ts'
import { parseJson, printJson, type JsonValue } from '../../src/wire/json.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Client {
  get(path: string): Promise<Answer>
  /** Sends a value as JSON, or a text as it is. */
  post(path: string, body?: JsonValue): Promise<Answer>
  request(path: string, init: RequestInit): Promise<Response>
  /** Lines that canisters printed. */
  readonly printed: string[]
  close(): Promise<void>
}

export const applicationSubnet = {
  state_config: 'New',
  instruction_config: 'Production',
  dts_flag: 'Enabled',
} as const

export function createClient(): Client {
  const printed: string[] = []
  const failures: unknown[] = []
  const api = createPocketIcApi({
    onDebugPrint: (print) => printed.push(formatDebugPrint(print)),
    onFailure: (error) => failures.push(error),
  })
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await api.answer(new Request(`http://server${path}`, init))
    if (failures.length > 0) throw failures[0]
    return response
  }
  const answer = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await request(path, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type') === 'application/json'
    return { status: response.status, body: isJson ? parseJson(text) : text }
  }
  return {
    get: (path) => answer(path, { method: 'GET' }),
    post: (path, body) =>
      answer(path, { method: 'POST', ...(body === undefined ? {} : { body: typeof body === 'string' ? body : printJson(body) }) }),
    request,
    printed,
    close: () => api.close(),
  }
}

export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64')
}

/** Body of a successful call. */
export function replyOf({ status, body }: Answer): Uint8Array {
  if (status !== 200 || typeof body !== 'object' || body === null || !('Ok' in body))
    throw new Error(`no reply: ${status} ${String(body && printJson(body as JsonValue))}`)
  return Buffer.from(String(body.Ok), 'base64')
}
