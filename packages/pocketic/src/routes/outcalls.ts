/** HTTP requests of canisters: listed for tests, which answer them. */
import { badRequest } from '../wire/apiError.ts'
import { fieldsOf, listOf, naturalOf } from '../wire/fields.ts'
import { checkSubnet } from './network.ts'
import type { InstanceRequest, Operations } from './route.ts'

export const outcallOperations: Operations = {
  'GET read/get_canister_http': () => [],
  'POST update/mock_canister_http': mock,
}

function mock({ instance, fields }: InstanceRequest): never {
  checkSubnet(instance, fields['subnet_id'])
  fieldsOf(fields['response'], '`response`')
  listOf(fields['additional_responses'], '`additional_responses`')
  const id = naturalOf(fields['request_id'], 64, '`request_id`')
  throw badRequest(`InvalidCanisterHttpRequestId((${instance.replica.subnetId.toText()}, ${id}))`)
}
