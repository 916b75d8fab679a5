import Principal "mo:core/Principal";
import Error "mo:core/Error";

/// Calls the management canister.
persistent actor class () = self {
  type Status = {
    status : { #running; #stopping; #stopped };
    memory_size : Nat;
    cycles : Nat;
    module_hash : ?Blob;
    settings : { controllers : [Principal] };
  };
  transient let ic = actor "aaaaa-aa" : actor {
    canister_status : { canister_id : Principal } -> async Status;
    raw_rand : () -> async Blob;
    create_canister : { settings : ?{ controllers : ?[Principal] } } -> async { canister_id : Principal };
    stop_canister : { canister_id : Principal } -> async ();
    start_canister : { canister_id : Principal } -> async ();
    delete_canister : { canister_id : Principal } -> async ();
    deposit_cycles : { canister_id : Principal } -> async ();
  };

  public func status(id : Principal) : async Text {
    try {
      let { status; memory_size; cycles; module_hash } = await ic.canister_status({ canister_id = id });
      debug_show (status, memory_size > 0, cycles > 0, module_hash != null);
    } catch e { Error.message e };
  };

  public func mine() : async Bool {
    (await ic.canister_status({ canister_id = Principal.fromActor self })).status == #running;
  };

  public func create(amount : Nat) : async Principal {
    (await (with cycles = amount) ic.create_canister({ settings = null })).canister_id;
  };

  public func lifecycle(id : Principal) : async Text {
    await ic.stop_canister({ canister_id = id });
    let stopped = await ic.canister_status({ canister_id = id });
    await (with cycles = 1_000_000_000) ic.deposit_cycles({ canister_id = id });
    await ic.start_canister({ canister_id = id });
    let started = await ic.canister_status({ canister_id = id });
    await ic.stop_canister({ canister_id = id });
    await ic.delete_canister({ canister_id = id });
    let gone = try { debug_show ((await ic.canister_status({ canister_id = id })).status) } catch e { Error.message e };
    debug_show (stopped.status, started.status) # " " # gone;
  };

  public func random() : async (Nat, Bool) {
    let a = await ic.raw_rand();
    let b = await ic.raw_rand();
    (a.size(), a == b);
  };
};
