/// Its upgrade hooks trap when they are told to.
actor {
  var log = "";
  var trapBefore = false;
  var trapAfter = false;

  system func preupgrade() { log #= "pre "; assert not trapBefore };
  system func postupgrade() { log #= "post "; assert not trapAfter };

  public func arm(before : Bool, after : Bool) : async () {
    trapBefore := before;
    trapAfter := after;
  };

  public query func get() : async Text { log };
};
