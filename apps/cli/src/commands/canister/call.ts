/** `tidemark canister call`: sends a query or an update with an argument in Candid text, prints the reply. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { management } from '@tidemark/bindings'
import { fromHex, toHex } from '@tidemark/types'
import {
  CandidError,
  type CanisterInterface,
  decodeValues,
  encodeArguments,
  type MethodInterface,
  parseArguments,
  printArguments,
  printArgumentsOnOneLine,
  readInterface,
  toJson,
} from '@tidemark/candid'
import { readMetadataText } from '../../network/canisterState.ts'
import { managementId } from '../../network/management.ts'
import { queryRaw, updateRaw } from '../../network/rawCall.ts'
import { CliError, messageOf } from '../../output/cliError.ts'
import { print, type Terminal } from '../../output/terminal.ts'
import { openSession, parsePrincipal, requireTarget, type Session, type SessionOptions, type Target } from '../../session.ts'
import { addSessionOptions } from '../options.ts'

interface Options extends SessionOptions {
  readonly query?: boolean
  readonly update?: boolean
  readonly output: 'pp' | 'idl' | 'raw' | 'json'
  readonly type: 'idl' | 'raw'
  readonly argumentFile?: string
  readonly candid?: string
}

export function registerCall(canister: Command, terminal: Terminal): void {
  const command = canister
    .command('call')
    .description('call a method; a query where the interface says so')
    .argument('<canister>')
    .argument('<method>')
    .argument('[argument]', 'Candid text, for example \'(42, "name")\'')
    .addOption(new Option('--query', 'send a query call').conflicts('update'))
    .option('--update', 'send an update call, also to a query method')
    .addOption(new Option('--output <form>', 'form of the reply').choices(['pp', 'idl', 'raw', 'json']).default('pp'))
    .addOption(new Option('--type <form>', 'form of the argument').choices(['idl', 'raw']).default('idl'))
    .option('--argument-file <file>', 'read the argument from a file')
    .option('--candid <file>', 'interface to use instead of the one that the canister publishes')
  addSessionOptions(command).action((name: string, method: string, argument: string | undefined, options: Options) =>
    call(terminal, { name, method, argument }, options),
  )
}

async function call(
  terminal: Terminal,
  { name, method, argument }: { name: string; method: string; argument: string | undefined },
  options: Options,
): Promise<void> {
  const session = await openSession(terminal, options)
  const target = requireTarget(session, name)
  const known = await findInterface(session, target, options.candid)
  const type = known?.methods.get(method)
  if (known === undefined) terminal.warn(`${target.name} publishes no interface: types are guessed from the argument and the reply.`)
  const text = options.argumentFile === undefined ? argument : readArgument(join(terminal.cwd, options.argumentFile))
  const arg = encode(target, method, text ?? '()', type, options)
  const isQuery = options.query ?? (options.update === true ? false : (type?.isQuery ?? false))
  if (options.query === true && type !== undefined && !type.isQuery) {
    throw new CliError({ what: `${method} is an update method of ${target.name}, not a query.`, remedy: 'Leave out --query.' })
  }
  const message = { canisterId: target.id, methodName: method, arg, effectiveCanisterId: effectiveId(target, arg) }
  const reply = await (isQuery ? queryRaw(session.agent, message) : updateRaw(session.agent, message))
  print(terminal, show(reply, type, options.output))
}

function show(reply: Uint8Array, type: MethodInterface | undefined, output: Options['output']): string {
  if (output === 'raw') return toHex(reply)
  const values = decodeValues(reply, type?.results)
  if (output === 'idl') return printArgumentsOnOneLine(values)
  if (output === 'pp') return printArguments(values)
  const json = values.map(toJson)
  return JSON.stringify(json.length === 1 ? json[0] : json, null, 2)
}

function encode(target: Target, method: string, text: string, type: MethodInterface | undefined, { type: form }: Options): Uint8Array {
  if (form === 'raw') {
    try {
      return fromHex(text.trim())
    } catch (error) {
      throw new CliError({ what: 'A raw argument must be hexadecimal.', why: messageOf(error) })
    }
  }
  try {
    return encodeArguments(parseArguments(withParentheses(text)), type?.args)
  } catch (error) {
    if (!(error instanceof CandidError)) throw error
    throw new CliError({
      what: `The argument does not fit ${target.name}.${method}.`,
      why: error.offset === undefined ? error.message : `${error.message}\n  ${text}\n  ${' '.repeat(error.offset)}^`,
      ...(type === undefined ? {} : { remedy: `It takes (${type.args.map((each) => each.display()).join(', ')}).` }),
    })
  }
}

/** A single value may be written without the parentheses of an argument list. */
function withParentheses(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' ? '()' : trimmed.startsWith('(') ? trimmed : `(${trimmed})`
}

async function findInterface(session: Session, target: Target, file: string | undefined): Promise<CanisterInterface | undefined> {
  if (file !== undefined) return readInterface(readArgument(join(session.terminal.cwd, file)))
  if (target.id.toText() === managementId.toText()) return readInterface(management.did)
  const did = await readMetadataText(session.agent, target.id, 'candid:service')
  return did === undefined ? undefined : readInterface(did)
}

/** A call to the management canister is routed to the canister that its argument begins with. */
function effectiveId(target: Target, arg: Uint8Array): Target['id'] {
  if (target.id.toText() !== managementId.toText()) return target.id
  const named = decodeValues(arg)[0]
  const fields = named?.kind === 'record' ? named.fields : []
  const id = fields
    .map(({ value }) => (value.kind === 'principal' ? parsePrincipal(value.id) : undefined))
    .find((each) => each !== undefined)
  return id ?? target.id
}

function readArgument(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError({ what: `${file} cannot be read.`, why: messageOf(error) })
  }
}
