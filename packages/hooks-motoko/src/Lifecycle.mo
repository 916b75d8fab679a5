import Hooks "Hooks";
import Types "Types";

/// The hook methods of a canister. Each takes what the network gives it and, from a monitor, a delivery number.
mixin (hooks : Hooks.Hooks) {
  public shared ({ caller }) func canister_post_init(delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #PostInit, delivery);
  };

  public shared ({ caller }) func canister_on_error(methodName : Text, args : Blob, error : Types.HookError, delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #Error({ methodName; args; error }), delivery);
  };

  public shared ({ caller }) func canister_on_low_cycles(cyclesThreshold : Nat, delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #LowCycles(cyclesThreshold), delivery);
  };

  public shared ({ caller }) func canister_on_low_heap_memory(heapMemoryThreshold : Nat, delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #LowHeapMemory(heapMemoryThreshold), delivery);
  };

  public shared ({ caller }) func canister_on_output_queue_full(delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #OutputQueueFull, delivery);
  };

  public shared ({ caller }) func canister_on_unfreeze(delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, #Unfreeze, delivery);
  };

  /// All of them as one, for monitors that keep to a single method.
  public shared ({ caller }) func canister_system_notification(event : Types.Notification, delivery : ?Types.Delivery) : async () {
    await* hooks.receive(caller, event, delivery);
  };

  /// Outgoing calls under way, as far as the hooks count them.
  public query func canister_output_queue_size() : async Nat { hooks.outputQueueSize() };
};
