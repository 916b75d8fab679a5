/** Version of the command and of the network that it starts. */
export const version = '0.1.0'
