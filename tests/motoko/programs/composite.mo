import Error "mo:core/Error";

/// Composite queries call queries of other actors.
actor {
  type Node = actor { leaf : Nat -> async Nat; sum : ([Text], Nat) -> async Nat; failing : () -> async Nat };
  var value = 1;

  public func set(n : Nat) : async () { value := n };

  public query func leaf(n : Nat) : async Nat {
    value += n;
    value;
  };

  public query func failing() : async Nat { throw Error.reject "no leaf" };

  public composite query func sum(others : [Text], n : Nat) : async Nat {
    var total = value;
    for (other in others.vals()) {
      value += 100;
      total += await (actor (other) : actor { leaf : query Nat -> async Nat }).leaf n;
    };
    total + value;
  };

  public composite query func deep(others : [Text], depth : Nat) : async Nat {
    if (depth >= others.size()) return 0;
    1 + (await (actor (others[depth]) : actor { deep : composite query ([Text], Nat) -> async Nat }).deep(others, depth + 1));
  };

  public composite query func caught(other : Text) : async Text {
    try { debug_show (await (actor (other) : actor { failing : query () -> async Nat }).failing()) } catch e { Error.message e };
  };

  public composite query func trapAfter(other : Text) : async Nat {
    let n = await (actor (other) : actor { leaf : query Nat -> async Nat }).leaf 1;
    assert false;
    n;
  };

  public composite query func parallel(other : Text) : async Nat {
    let peer = actor (other) : actor { leaf : query Nat -> async Nat };
    let a = peer.leaf 1;
    let b = peer.leaf 2;
    (await a) * 100 + (await b);
  };

  public query func get() : async Nat { value };
};
