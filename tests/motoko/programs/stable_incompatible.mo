/// No successor of `stable_v1`: its count has another type.
actor {
  var count = "zero";

  public query func get() : async Text { count };
};
