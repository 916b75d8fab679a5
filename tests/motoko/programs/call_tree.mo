/// Calls that go down a chain of actors and come back up.
actor {
  type Node = actor { descend : ([Text], Nat) -> async Text };

  public func descend(rest : [Text], depth : Nat) : async Text {
    if (depth >= rest.size()) return "bottom";
    let next = actor (rest[depth]) : Node;
    let below = await next.descend(rest, depth + 1);
    debug_show depth # "(" # below # ")";
  };
};
