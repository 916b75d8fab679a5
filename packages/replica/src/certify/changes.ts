/** What changed since the state was last certified, by key. */
export class Changes {
  readonly canisters = new Set<string>()
  readonly requests = new Set<string>()

  clear(): void {
    this.canisters.clear()
    this.requests.clear()
  }
}
