import Region "mo:core/Region";

/// Stable memory through regions, which outlive upgrades on their own.
actor {
  let region = Region.new();
  let other = Region.new();

  public func write(text : Blob) : async Nat64 {
    if (Region.size region == 0) ignore Region.grow(region, 2);
    Region.storeBlob(region, 65_530, text);
    Region.size region;
  };

  public query func read(size : Nat) : async Blob { Region.loadBlob(region, 65_530, size) };

  public query func outOfBounds() : async Nat8 { Region.loadNat8(other, 0) };

  public func writeAndTrap() : async () {
    Region.storeNat64(region, 0, 77);
    assert false;
  };

  public query func first() : async Nat64 { Region.loadNat64(region, 0) };
};
