/**
 * What a method is to be answered with as a reject. A canister answers with the text instead of trapping, which would undo
 * what the hooks have noted.
 */
export class HookRejection extends Error {
  override readonly name = 'HookRejection'
}
