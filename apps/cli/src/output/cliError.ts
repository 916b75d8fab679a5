/** A mistake or an obstacle that the user can do something about: what happened, why, and what to do next. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly why: string | undefined
  readonly remedy: string | undefined
  readonly exitCode: number

  constructor({ what, why, remedy, exitCode = 1 }: { what: string; why?: string; remedy?: string; exitCode?: number }) {
    super(what)
    this.why = why
    this.remedy = remedy
    this.exitCode = exitCode
  }
}

/** Text of an error that carries no advice of its own. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The system's code of a failed call (`ENOENT`, `EADDRINUSE`, …); undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
