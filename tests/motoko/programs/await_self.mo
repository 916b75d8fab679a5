/// An `async` block is a message of the actor to itself.
actor {
  var steps = "";

  public func run() : async Text {
    steps #= "before ";
    await async { steps #= "inside " };
    steps #= "after";
    steps;
  };
};
