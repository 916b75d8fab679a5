/** Where in a source file a build failed. Lines and columns count from 1. */
export interface SourcePosition {
  /** Path relative to the project root. */
  readonly file: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** A failed build, with what to do about it. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly canister: string
  /** What the user can do next. */
  readonly remedy: string
  readonly position: SourcePosition | undefined

  constructor(canister: string, message: string, remedy: string, position?: SourcePosition) {
    super(message)
    this.canister = canister
    this.remedy = remedy
    this.position = position
  }

  /** The error as lines for a terminal: `file:line:column: message`, then the remedy. */
  describe(): string {
    return `${describePosition(this.position)}${this.message}\n${this.remedy}`
  }
}

function describePosition(position: SourcePosition | undefined): string {
  if (position === undefined) return ''
  const parts = [position.file, position.line, position.column].filter((part) => part !== undefined)
  return `${parts.join(':')}: `
}
