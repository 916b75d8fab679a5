/** Certified data. @see Interface specification, "Certified data". */
import { contractViolation } from '../trap.ts'
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

/** System calls on certified data and its certificate. */
export const certifiedDataCalls: SystemCallGroup = {
  certified_data_set: systemCall('I G U Ry Rt T', ({ execution, memory }: Machine, source: number, size: number) => {
    const max = execution.env.limits.certifiedDataBytes
    if (size > max) {
      throw contractViolation(
        `ic0_certified_data_set failed because the passed data must be no larger than ${max} bytes. Found ${size} bytes.`,
      )
    }
    execution.certifiedData = memory.read('ic0.certified_data_set', source, size)
  }),
  data_certificate_present: systemCall('*', ({ execution }: Machine) => (execution.input.dataCertificate === undefined ? 0 : 1)),
  data_certificate_size: systemCall('NRQ CQ', (machine: Machine) => certificate(machine).length),
  data_certificate_copy: systemCall('NRQ CQ', (machine: Machine, destination: number, offset: number, size: number) =>
    machine.memory.copyOut('ic0.data_certificate_copy', 'certificate', certificate(machine), destination, offset, size),
  ),
}

function certificate({ execution }: Machine): Uint8Array {
  const { dataCertificate } = execution.input
  if (dataCertificate === undefined) throw contractViolation('ic0.data_certificate_copy: no data certificate is present')
  return dataCertificate()
}
