/** `tidemark start --full-stack`: the network and, on it, the whole example project, watched by the monitor. */
import { serve, type ServeOptions } from '../commands/network/serve.ts'
import { buildForInstall, type Built } from '../deploy/deployCanisters.ts'
import { candidUrl, pageUrls } from '../deploy/urls.ts'
import { CliError } from '../output/cliError.ts'
import { seconds } from '../output/numbers.ts'
import { createSteps, type Steps } from '../output/steps.ts'
import { print, type Terminal } from '../output/terminal.ts'
import type { Project } from '../project/dfxJson.ts'
import { furnishAll } from '../server/lateFurnishing.ts'
import { openSession, type Session } from '../session.ts'
import { deployStack } from './deployStack.ts'
import { type Role, roleNames } from './roles.ts'

/** Builds while the network starts; stays until the user ends it. @throws CliError when a part is missing or does not build */
export async function startFullStack(terminal: Terminal, project: Project, options: ServeOptions): Promise<void> {
  const started = performance.now()
  requireParts(project)
  const steps = createSteps(terminal)
  // A port that is taken is told before anything is built.
  const network = await serve(terminal, options)
  try {
    const ending = new AbortController()
    const interrupted = terminal.untilInterrupted().then(() => {
      ending.abort()
      return 'interrupted' as const
    })
    const ready = prepare(terminal, project, steps)
    const outcome = await Promise.race([ready, interrupted])
    if (outcome === 'interrupted') return
    announce(outcome, performance.now() - started)
    // Last, because nothing of the example needs the system canisters.
    await Promise.race([interrupted, furnishAll(terminal, network, ending.signal)])
    await interrupted
  } finally {
    await network.close()
  }
}

async function prepare(terminal: Terminal, project: Project, steps: Steps): Promise<Session> {
  const [session, built] = await Promise.all([openSession(terminal, { network: 'local' }), buildParts(project, steps)])
  await deployStack(session, project, built, steps)
  return session
}

/** Two builds at a time: each of them fills a core. */
async function buildParts(project: Project, steps: Steps): Promise<ReadonlyMap<Role, Built>> {
  const built = new Map<Role, Built>()
  const waiting = [...roleNames]
  const failures: unknown[] = []
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined && failures.length === 0; name = waiting.shift()) {
      const canister = project.canisters.get(name)
      if (canister === undefined) continue
      try {
        built.set(name, await steps.run(`Building ${name}`, () => buildForInstall(project, canister)))
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all([worker(), worker()])
  if (failures.length > 0) throw failures[0]
  return built
}

function requireParts(project: Project): void {
  const missing = roleNames.filter((name) => !project.canisters.has(name))
  if (missing.length === 0) return
  throw new CliError({
    what: `The full stack is not complete: dfx.json has no ${missing.join(', ')}.`,
    remedy: 'Run the command in the folder of the example project, or use tidemark start and tidemark deploy.',
  })
}

function announce({ terminal, network, ids }: Session, elapsedMs: number): void {
  const entries = ids.entries()
  const dashboard = pageUrls(network, ids.get('dashboard') ?? '')
  const nameWidth = Math.max(...entries.map(([name]) => name.length))
  const idWidth = Math.max(...entries.map(([, id]) => id.length))
  const lines = [
    '',
    `Ready in ${seconds(elapsedMs)}.`,
    '',
    `  Dashboard  ${dashboard.recommended}`,
    `  or         ${dashboard.legacy}`,
    `  Network    ${network.url}`,
    '',
    `  ${'Canister'.padEnd(nameWidth)}  ${'Id'.padEnd(idWidth)}  Candid interface`,
    ...entries.map(([name, id]) => `  ${name.padEnd(nameWidth)}  ${id.padEnd(idWidth)}  ${candidUrl(network, id)}`),
    '',
    'Press Ctrl+C to stop.',
  ]
  for (const line of lines) print(terminal, line)
}
