module {
  /// How the canister is installed. Whatever is null has its default, see `Hooks.defaults`.
  public type Init = {
    /// Seconds for which a roll waits for the calls of post-init; null waits only until it has begun.
    gate_seconds : ?Nat;
    /// Cycles and bytes that the canister judges by itself; null leaves that to the network or the monitor.
    cycles_threshold : ?Nat;
    heap_memory_threshold : ?Nat;
    output_queue_capacity : ?Nat;
    /// Who may call the hooks besides the network and the canister itself.
    monitors : ?[Principal];
  };
};
