import Error "mo:core/Error";

/// Every way in which a call can fail, as the caller sees it.
actor {
  type Peer = actor { missing : () -> async () };

  func shown(e : Error.Error) : Text {
    let code = switch (Error.code e) {
      case (#system_fatal) "system_fatal";
      case (#system_transient) "system_transient";
      case (#system_unknown) "system_unknown";
      case (#destination_invalid) "destination_invalid";
      case (#canister_reject) "canister_reject";
      case (#canister_error) "canister_error";
      case (#call_error _) "call_error";
      case (#future n) "future " # debug_show n;
    };
    code # ": " # Error.message e;
  };

  public func rejecting() : async () { throw Error.reject "not today" };

  public func trapping() : async () { assert false };

  public func own(trap : Bool) : async Text {
    try {
      if (trap) await trapping() else await rejecting();
      "no error";
    } catch e { shown e };
  };

  public func call(target : Text) : async Text {
    try {
      await (actor (target) : Peer).missing();
      "no error";
    } catch e { shown e };
  };

  public func rethrow() : async () {
    try { await rejecting() } catch e { throw Error.reject("again, " # Error.message e) };
  };

  public func thrownInPlace() : async Text {
    try { throw Error.reject "local" } catch e { shown e };
  };
};
