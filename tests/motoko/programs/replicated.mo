import InternetComputer "mo:core/InternetComputer";

/// Tells where its code runs.
actor {
  public query func inQuery() : async Bool { InternetComputer.isReplicated() };
  public func inUpdate() : async Bool { InternetComputer.isReplicated() };
  public composite query func inCompositeQuery() : async Bool { InternetComputer.isReplicated() };
};
