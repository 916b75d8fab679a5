/** Waiting for `canister_post_init` on a network that calls it by itself. */
import { CliError } from '../../output/cliError.ts'

/** How the hook stands, as the canister's status has it. */
export interface PostInitState {
  readonly state: object
  readonly reason: readonly string[]
}

export interface Waiting {
  /** Milliseconds since any moment. */
  readonly now: () => number
  readonly pause: (millis: number) => Promise<void>
}

/** The calls of a hook may wait for others: longer than an HTTPS request takes, and not for ever. */
const waitMillis = 120_000
/** Between two looks. */
const pauseMillis = 200

/**
 * Waits until the hook has run.
 *
 * @param read - how it stands now; undefined where the network does not call it
 * @returns whether the network has called it
 * @throws CliError when it failed, or is still pending after two minutes
 */
export async function awaitPostInit(
  name: string,
  read: () => Promise<PostInitState | undefined>,
  { now, pause }: Waiting = { now: () => performance.now(), pause: (millis) => new Promise((resolve) => setTimeout(resolve, millis)) },
): Promise<boolean> {
  const started = now()
  for (;;) {
    const found = await read()
    if (found === undefined) return false
    if ('ran' in found.state) return true
    if ('trapped' in found.state || 'skipped' in found.state) throw postInitFailed(name, found.reason[0] ?? '')
    if (now() - started >= waitMillis) throw stillPending(name)
    await pause(pauseMillis)
  }
}

export function postInitFailed(name: string, why: string): CliError {
  return new CliError({
    what: `canister_post_init of ${name} failed; the canister has its first module.`,
    why,
    remedy: 'Correct the first module, and deploy again with --mode reinstall.',
  })
}

function stillPending(name: string): CliError {
  return new CliError({
    what: `canister_post_init of ${name} is still pending; the canister has its first module.`,
    why: `It has not ended within ${waitMillis / 60_000} minutes: a call that it makes has no answer yet, or the network makes no rounds.`,
    remedy: `Look with \`tidemark canister hooks ${name}\`. When it has run, deploy with --mode upgrade. Or correct the first module, and deploy again with --mode reinstall.`,
  })
}
