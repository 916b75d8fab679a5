import type { CanisterSpec } from './spec.ts'

/** Everything a build depends on besides its entry in `dfx.json`. */
export interface BuildInputs {
  /** Files, relative to the project root. */
  readonly files: readonly string[]
  /** Versions of the tools that take part. */
  readonly versions: Readonly<Record<string, string>>
}

/** What a build makes. */
export interface Product {
  readonly wasm: Uint8Array
  readonly candid: string
  /** The interface the compiler emitted, where `candid` is one written by hand. */
  readonly servedCandid?: string | undefined
  /** Stable types of a Motoko program, for the compatibility check of an upgrade. */
  readonly stableTypes?: string | undefined
}

/** Where a build happens. */
export interface BuildPlace {
  /** Absolute path of the project. */
  readonly root: string
  /** Absolute path of a folder that only this build uses and that is deleted after it. */
  readonly scratch: string
}

/** Builds canisters of one kind. */
export interface Builder<Spec extends CanisterSpec> {
  inputs(root: string, spec: Spec): Promise<BuildInputs>
  /** @throws {BuildError} with the position and the remedy */
  build(place: BuildPlace, spec: Spec): Promise<Product>
  /** Files the build leaves outside its output folder: they belong to a reusable result too. */
  leaves?(root: string, spec: Spec): Promise<readonly string[]>
}
