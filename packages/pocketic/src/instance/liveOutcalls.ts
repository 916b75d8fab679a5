/** Sends the HTTP requests of canisters of an instance that progresses by itself, and gives them what servers answer. */
import type { Network } from '@tidemark/network'
import type { HttpOutcallAnswer } from '@tidemark/replica'

type Outcall = ReturnType<Network['pendingHttpOutcalls']>[number]

/** Longest body where the canister names no limit, bytes. */
const responseBytesMax = 2_000_000
/** How long a server may take, milliseconds. */
const timeoutMillis = 30_000

export class LiveOutcalls {
  readonly #network: Network
  readonly #onAnswer: () => void
  readonly #sent = new Set<string>()
  readonly #end = new AbortController()

  /** @param onAnswer - called when an answer waits for the next round */
  constructor(network: Network, onAnswer: () => void) {
    this.#network = network
    this.#onAnswer = onAnswer
  }

  /** Sends what has not been sent yet. Answers come in on their own. */
  send(): void {
    for (const outcall of this.#network.pendingHttpOutcalls()) {
      const name = `${outcall.subnetId.key} ${outcall.id}`
      if (this.#sent.has(name)) continue
      this.#sent.add(name)
      void this.#exchange(outcall)
    }
  }

  /** Sends and answers no more. */
  close(): void {
    this.#end.abort()
  }

  async #exchange(outcall: Outcall): Promise<void> {
    const answer = await ask(outcall, this.#end.signal)
    if (this.#end.signal.aborted) return
    this.#network.answerHttpOutcall(outcall.subnetId, outcall.id, answer)
    this.#onAnswer()
  }
}

async function ask({ method, url, headers, body, maxResponseBytes }: Outcall, end: AbortSignal): Promise<HttpOutcallAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers: headersOf(headers),
      body: body.length === 0 || method === 'GET' || method === 'HEAD' ? null : Uint8Array.from(body),
      redirect: 'manual',
      signal: AbortSignal.any([end, AbortSignal.timeout(timeoutMillis)]),
    })
    const limit = maxResponseBytes === undefined ? responseBytesMax : Number(maxResponseBytes)
    const content = await contentOf(response, limit)
    if (content === undefined) return { rejectCode: 1, message: `Http body exceeds size limit of ${limit} bytes.` }
    return { status: response.status, headers: [...response.headers].map(([name, value]) => ({ name, value })), body: content }
  } catch (error) {
    return { rejectCode: 2, message: `Connecting to ${hostOf(url)} failed: ${reasonOf(error)}` }
  }
}

/** As the canister wrote them; nothing is asked for that would have to be unpacked. */
function headersOf(given: Outcall['headers']): Headers {
  const headers = new Headers({ 'user-agent': 'ic/1.0', 'accept-encoding': 'identity' })
  const named = new Set<string>()
  for (const { name, value } of given) {
    if (named.has(name.toLowerCase())) headers.append(name, value)
    else headers.set(name, value)
    named.add(name.toLowerCase())
  }
  return headers
}

/** `undefined` when it is longer than the limit. */
async function contentOf(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > limit) return undefined
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
