/// An update that keeps its effect, and a query that loses it.
actor {
  var count = 0;

  public func increment() : async Nat {
    count += 1;
    count;
  };

  public query func incrementInQuery() : async Nat {
    count += 1;
    count;
  };

  public query func get() : async Nat { count };
};
