import Principal "mo:core/Principal";

/// Who calls: a user, nobody, an actor, the actor itself.
persistent actor class (owner : Principal) = self {
  public shared query ({ caller }) func who() : async Principal { caller };

  public shared ({ caller }) func update() : async Principal { caller };

  public shared func selfCall() : async Principal { await self.update() };

  public shared func callOther(other : Text) : async Principal { await (actor (other) : actor { update : () -> async Principal }).update() };

  public shared ({ caller }) func afterAwait() : async Bool {
    let before = caller;
    await async {};
    before == caller;
  };

  public shared ({ caller }) func isOwner() : async (Bool, Bool) { (caller == owner, Principal.isController caller) };

  public shared query ({ caller }) func anonymous() : async Bool { Principal.isAnonymous caller };

  public shared query func me() : async Principal { Principal.fromActor self };
};
