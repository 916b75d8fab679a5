/// No successor of `stable_v1`: it would lose all fields but one.
actor {
  var count = 0;

  public query func get() : async Nat { count };
};
