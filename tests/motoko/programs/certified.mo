import CertifiedData "mo:core/CertifiedData";

/// Certified data is set in updates and proven in queries.
actor {
  public func set(data : Blob) : async () { CertifiedData.set data };

  public func setAndTrap(data : Blob) : async () {
    CertifiedData.set data;
    assert false;
  };

  public query func certificate() : async ?Blob { CertifiedData.getCertificate() };

  public func certificateInUpdate() : async Bool { CertifiedData.getCertificate() != null };
};
