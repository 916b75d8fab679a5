/** `tidemark network trace`: every message as it is executed. */
import type { TraceFilter, TraceLine } from '@tidemark/admin'
import { type Command, Option } from 'commander'
import { encodeTraceEvent, type TraceEvent, type TraceKind, traceKinds } from '@tidemark/trace'
import { print, type Terminal } from '../../../output/terminal.ts'
import { openOffline, requireTarget, type Session } from '../../../session.ts'
import { collect, parsedBy } from '../../options.ts'
import { withAdmin } from './withAdmin.ts'

interface Options {
  readonly canister?: readonly string[]
  readonly kind?: readonly TraceKind[]
  readonly method?: readonly string[]
  readonly failed?: boolean
  readonly since?: number
  readonly limit?: number
  readonly follow: boolean
  readonly json?: boolean
}

export function registerTrace(network: Command, terminal: Terminal): void {
  network
    .command('trace')
    .description('print every message as it is executed, until Ctrl+C')
    .option('--canister <name or id>', 'only of this canister; may be repeated', collect)
    .addOption(new Option('--kind <kind...>', 'only of these kinds').choices([...traceKinds]))
    .option('--method <name>', 'only of this method; may be repeated', collect)
    .option('--failed', 'only those that trapped')
    .option('--since <seq>', 'begin with recorded events from this number on', parsedBy('--since', parseWhole))
    .option('--limit <n>', 'end after so many', parsedBy('--limit', parseWhole))
    .option('--no-follow', 'end after those that are recorded')
    .option('--json', 'print a line of JSON for each')
    .action((options: Options) => trace(terminal, options))
}

async function trace(terminal: Terminal, { since, limit, follow, json, ...options }: Options): Promise<void> {
  const session = openOffline(terminal, { network: 'local' })
  const filter = filterOf(session, options)
  const abort = new AbortController()
  const interrupted = terminal.untilInterrupted().then(() => abort.abort())
  await withAdmin(terminal, async (admin) => {
    const from = since ?? (follow ? undefined : 0)
    const lines = admin.trace({
      ...filter,
      follow,
      signal: abort.signal,
      ...(from === undefined ? {} : { since: from }),
      ...(limit === undefined ? {} : { limit }),
    })
    const reading = (async () => {
      for await (const line of lines) print(terminal, json === true ? jsonLine(line) : readableLine(line, session))
    })()
    await Promise.race([reading, interrupted])
    await reading.catch((error: unknown) => {
      if (!abort.signal.aborted) throw error
    })
  })
}

type Offline = Omit<Session, 'agent' | 'identity'>

function filterOf(session: Offline, { canister = [], kind = [], method = [], failed }: Omit<Options, 'follow'>): TraceFilter {
  return {
    canisters: canister.map((name) => requireTarget(session, name).id.toText()),
    kinds: kind,
    methods: method,
    ...(failed === true ? { outcome: 'trapped' } : {}),
  }
}

function jsonLine(line: TraceLine): string {
  return 'event' in line ? encodeTraceEvent(line.event) : JSON.stringify(line)
}

function readableLine(line: TraceLine, session: Offline): string {
  return 'event' in line ? eventText(line.event, session) : `… ${line.dropped} events were left out: they came faster than they were read`
}

function eventText(
  { seq, round, canisterId, kind, methodName, instructions, cyclesCharged, error, logs }: TraceEvent,
  { ids }: Offline,
): string {
  const who = ids.nameOf(canisterId) ?? canisterId
  const what = methodName === undefined ? kind : `${kind} ${methodName}`
  const cost = `${instructions} instructions, ${cyclesCharged} cycles`
  const failure = error === undefined ? '' : `  ${error}`
  return [`${seq}  round ${round}  ${who}  ${what}  ${cost}${failure}`, ...logs.map((log) => `    | ${log}`)].join('\n')
}

function parseWhole(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  throw new Error(`a whole number, not ${JSON.stringify(value)}`)
}
