/** How one canister is built, as read from `dfx.json`. All paths are relative to the project root. */
export type CanisterSpec = MotokoSpec | WatSpec | AzleSpec | CommandSpec | AssetsSpec

interface CommonSpec {
  readonly name: string
  /** Canisters to deploy before this one. */
  readonly dependencies: readonly string[]
  /** Whether `dfx.json` asks for a compressed module beside the plain one. */
  readonly gzip: boolean
}

/** `type: motoko`. */
export interface MotokoSpec extends CommonSpec {
  readonly kind: 'motoko'
  readonly main: string
  /** Compiler flags, as `moc` takes them. */
  readonly args: readonly string[]
  /** A page that the program carries. */
  readonly page?: PageSpec
}

/** A page that a Motoko program imports as a module of its files. */
export interface PageSpec {
  /** Where the module would be, if it were written to a file: imports name it. */
  readonly module: string
  /** Workspace whose Vite makes the page. */
  readonly workspace: string
  /** Configuration of the page, relative to the workspace. */
  readonly config: string
  /** Folders and files that the page is made from. */
  readonly sources: readonly string[]
}

/** `type: custom` with a `main` that ends in `.wat`. */
export interface WatSpec extends CommonSpec {
  readonly kind: 'wat'
  readonly main: string
  readonly candid: string
}

/** `type: custom` or `azle` with a `main` that ends in `.ts` or `.js`. */
export interface AzleSpec extends CommonSpec {
  readonly kind: 'azle'
  readonly main: string
  /** The interface as written by hand, with names and comments; without it, what Azle emits is taken. */
  readonly candid?: string | undefined
}

/** Any other `type: custom`: its own commands make the module. */
export interface CommandSpec extends CommonSpec {
  readonly kind: 'command'
  readonly wasm: string
  readonly candid: string
  readonly commands: readonly string[]
}

/** `type: assets`: the asset canister, and commands that make the files it serves. */
export interface AssetsSpec extends CommonSpec {
  readonly kind: 'assets'
  readonly sources: readonly string[]
  readonly commands: readonly string[]
}
