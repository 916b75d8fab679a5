/// Values of every kind go in and come out.
actor {
  public type Shape = { #circle : { radius : Float }; #square : Nat; #none };
  public type Person = { name : Text; age : ?Nat; tags : [Text]; home : (Int, Int) };

  public query func person(p : Person) : async Person { { p with name = p.name # "!"; tags = ["first", p.name] } };

  public func area(shape : Shape) : async Float {
    switch shape {
      case (#circle { radius }) 3.0 * radius * radius;
      case (#square side) debug_show side |> (if (_ == "4") 16.0 else 0.0);
      case (#none) 0.0;
    };
  };

  public query func next(shape : Shape) : async Shape {
    switch shape { case (#circle _) #square 4; case (#square n) #circle { radius = if (n > 1) 2.5 else 0.5 }; case (#none) #none };
  };

  public query func numbers() : async (Nat, Int, Nat8, Int16, Nat32, Int64, Float) {
    (2 ** 100, -(2 ** 100), 255, -32_768, 4_294_967_295, -9_223_372_036_854_775_808, -0.5);
  };

  public query func several() : async (Text, Bool, ?Text, Char) { ("text ✓ 文", true, null, '文') };

  public query func subtype(r : { a : Nat }) : async { a : Nat; b : ?Nat } { { a = r.a + 1; b = null } };
};
