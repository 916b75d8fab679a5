/** A page on which each method of a canister can be called, with arguments and replies in Candid text. */
import type { HttpAgent } from '@dfinity/agent'
import { Principal } from '@dfinity/principal'
import {
  CandidError,
  decodeValues,
  encodeArguments,
  type MethodInterface,
  parseArguments,
  printArguments,
  readInterface,
} from '@tidemark/candid'
import { explainAgentError } from '../network/agentError.ts'
import { readMetadataText } from '../network/canisterState.ts'
import { queryRaw, updateRaw } from '../network/rawCall.ts'
import { escapeHtml, htmlPage } from './html.ts'

interface Attempt {
  readonly method: string
  readonly argument: string
  readonly answer: string
}

const formBytesMax = 2_000_000

/**
 * Shows the canister of `?id=`; a posted form calls one of its methods first.
 *
 * @param agent - calls with it: anonymous, as anyone could
 */
export async function candidPage(request: Request, agent: HttpAgent): Promise<Response> {
  const url = new URL(request.url)
  const id = url.searchParams.get('id') ?? ''
  const canisterId = parseId(id)
  if (canisterId === undefined) return message(`"${id.slice(0, 100)}" is no canister id`, 'Add the id of a canister to the address: ?id=…')
  const did = await readMetadataText(agent, canisterId, 'candid:service')
  if (did === undefined)
    return message('No interface', `Canister ${id} publishes no candid:service metadata, or there is no such canister.`)
  const methods = methodsOf(did)
  if (methods === undefined) return message('The interface cannot be read', did)
  const attempt = request.method === 'POST' ? await call(request, agent, canisterId, methods) : undefined
  const sections = [...methods].map(([name, type]) => methodSection(name, type, attempt?.method === name ? attempt : undefined))
  return htmlPage(
    `Candid: ${id}`,
    `<h1>Canister <code>${escapeHtml(id)}</code></h1>
<p>Calls from this page are anonymous. Arguments and replies are Candid text.</p>
${sections.join('\n')}
<details><summary>Interface</summary><pre>${escapeHtml(did)}</pre></details>`,
  )
}

function methodsOf(did: string): ReadonlyMap<string, MethodInterface> | undefined {
  try {
    return readInterface(did).methods
  } catch (error) {
    if (error instanceof CandidError) return undefined
    throw error
  }
}

async function call(
  request: Request,
  agent: HttpAgent,
  canisterId: Principal,
  methods: ReadonlyMap<string, MethodInterface>,
): Promise<Attempt | undefined> {
  const text = await request.text()
  if (text.length > formBytesMax) return undefined
  const form = new URLSearchParams(text)
  const method = form.get('method') ?? ''
  const argument = form.get('argument') ?? '()'
  const type = methods.get(method)
  if (type === undefined) return undefined
  return { method, argument, answer: await answerOf(agent, canisterId, method, argument, type) }
}

async function answerOf(
  agent: HttpAgent,
  canisterId: Principal,
  methodName: string,
  argument: string,
  type: MethodInterface,
): Promise<string> {
  try {
    const arg = encodeArguments(parseArguments(argument), type.args)
    const reply = await (type.isQuery ? queryRaw : updateRaw)(agent, { canisterId, methodName, arg })
    return printArguments(decodeValues(reply, type.results))
  } catch (error) {
    if (error instanceof CandidError) return error.message
    const known = explainAgentError(error)
    if (known === undefined) throw error
    return [known.message, known.why].join('\n')
  }
}

function methodSection(name: string, type: MethodInterface, attempt: Attempt | undefined): string {
  const signature = `(${type.args.map((arg) => arg.display()).join(', ')}) → (${type.results.map((result) => result.display()).join(', ')})`
  const argument = attempt?.argument ?? (type.args.length === 0 ? '()' : `(${type.args.map(() => '').join(', ')})`)
  const id = escapeHtml(name)
  return `<section id="${id}">
<h2>${id}${type.isQuery ? ' <small>query</small>' : ''}</h2>
<p><code>${escapeHtml(signature)}</code></p>
<form method="post" action="#${id}">
<input type="hidden" name="method" value="${id}">
<label>Arguments <textarea name="argument" rows="${Math.min(8, argument.split('\n').length + 1)}">${escapeHtml(argument)}</textarea></label>
<button>${type.isQuery ? 'Query' : 'Call'}</button>
</form>
${attempt === undefined ? '' : `<pre>${escapeHtml(attempt.answer)}</pre>`}
</section>`
}

function message(title: string, text: string): Response {
  return htmlPage(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>`)
}

function parseId(text: string): Principal | undefined {
  try {
    return Principal.fromText(text)
  } catch {
    return undefined
  }
}
