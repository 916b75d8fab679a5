/// A list whose nodes are options within options: Candid and recursion go down as deep as it is long.
actor {
  type List = ?(Nat, List);

  func build(n : Nat) : List {
    var list : List = null;
    var next = 0;
    while (next < n) {
      list := ?(next, list);
      next += 1;
    };
    list;
  };

  func total(list : List) : Nat { switch list { case null 0; case (?(head, tail)) head + total tail } };

  public func give(n : Nat) : async List { build n };

  public func length(list : List) : async Nat {
    var count = 0;
    var rest = list;
    label walk loop {
      switch rest {
        case null { break walk };
        case (?(_, tail)) { count += 1; rest := tail };
      };
    };
    count;
  };

  public func sum(n : Nat) : async Nat { total(build n) };
};
