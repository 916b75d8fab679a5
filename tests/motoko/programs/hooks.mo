/// What runs around an upgrade, in its order.
actor {
  var log = "";
  transient var session = "new session";

  system func preupgrade() { log #= "pre " };
  system func postupgrade() { log #= "post " };

  public func change() : async () { session := "changed"; log #= "change " };

  public query func get() : async Text { log # session };
};
