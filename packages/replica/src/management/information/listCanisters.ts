import { RejectError } from '@tidemark/types'

/** Subnets have administrators only under the free cost schedule on the public network; this one has none. */
export function listCanisters(): never {
  throw new RejectError('CanisterRejectedMessage', 'list_canisters is only available on subnets with subnet admins')
}
