/// A stand-in for Internet Identity on local networks: the part of its interface that signing in takes, and a sign-in page.
///
/// It is not the real one. Its captchas solve themselves, and anybody can take a number that nobody has.

import Array "mo:core/Array";
import CertifiedData "mo:core/CertifiedData";
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Queue "mo:core/Queue";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import HashTree "mo:certification/HashTree";
import PathTree "mo:certification/PathTree";
import Anchors "Anchors";
import Challenges "Challenges";
import Delegations "Delegations";
import Site "Site";
import Types "Types";

shared actor class InternetIdentity(init : ?Types.InternetIdentityInit) = self {
  let anchors = Anchors.empty();
  let challenges = Challenges.empty();
  /// 32 random bytes, from the first identity on: what makes principals of this network its own.
  var salt : ?Blob = null;

  // Rebuilt at every installation and upgrade, which signatures do not outlive: they live for a minute.
  transient let tree = PathTree.empty();
  transient let signatures : Delegations.Signatures = Queue.empty();

  func publish() = CertifiedData.set(HashTree.digest(PathTree.tree(tree)));

  switch init {
    case (?{ assigned_user_number_range = ?range }) Anchors.assign(anchors, range);
    case _ {};
  };
  Site.certify(tree);
  publish();

  // Identities

  public func create_challenge() : async Types.Challenge { Challenges.create(challenges, now()) };

  /// Makes an identity of the next number. The call is signed by the device's key, or by the temporary one that is named.
  public shared ({ caller }) func register(device : Types.DeviceData, solution : Types.ChallengeResult, temporary : ?Principal) : async Types.RegisterResponse {
    requireKey(caller, device, temporary);
    await* init_salt_once();
    if (not Challenges.solve(challenges, solution, now())) return #bad_challenge;
    registered(Anchors.register(anchors, device, now()));
  };

  /// Makes an identity of a number that nobody has: for sign-ins that nobody watches. The real one has no such method.
  public shared ({ caller }) func register_number(number : Types.UserNumber, device : Types.DeviceData) : async Types.RegisterResponse {
    requireKey(caller, device, null);
    await* init_salt_once();
    registered(if (Anchors.registerAs(anchors, number, device, now())) ?number else null);
  };

  public shared ({ caller }) func add(number : Types.UserNumber, device : Types.DeviceData) : async () {
    Anchors.addDevice(Anchors.authenticate(anchors, number, caller), device);
  };

  public shared ({ caller }) func update(number : Types.UserNumber, key : Types.PublicKey, device : Types.DeviceData) : async () {
    Anchors.updateDevice(Anchors.authenticate(anchors, number, caller), key, device);
  };

  public shared ({ caller }) func replace(number : Types.UserNumber, key : Types.PublicKey, device : Types.DeviceData) : async () {
    let anchor = Anchors.authenticate(anchors, number, caller);
    Anchors.removeDevice(anchor, key);
    Anchors.addDevice(anchor, device);
  };

  public shared ({ caller }) func remove(number : Types.UserNumber, key : Types.PublicKey) : async () {
    Anchors.removeDevice(Anchors.authenticate(anchors, number, caller), key);
  };

  /// The devices of an identity, without their names.
  public query func lookup(number : Types.UserNumber) : async [Types.DeviceData] {
    Array.map<Types.DeviceWithUsage, Types.DeviceData>(devicesOf(number), func device = { device with alias = "" });
  };

  public query func lookup_device_key(credential_id : Blob) : async ?Types.DeviceKeyWithAnchor {
    Anchors.byCredential(anchors, credential_id);
  };

  public query func get_anchor_credentials(number : Types.UserNumber) : async Types.AnchorCredentials {
    let devices = devicesOf(number);
    func passkeys(wanted : Types.Purpose) : [Types.WebAuthnCredential] = Array.filterMap<Types.DeviceWithUsage, Types.WebAuthnCredential>(
      devices,
      func({ pubkey; credential_id; purpose }) = switch credential_id {
        case (?id) if (purpose == wanted) ?{ credential_id = id; pubkey } else null;
        case null null;
      },
    );
    {
      credentials = passkeys(#authentication);
      recovery_credentials = passkeys(#recovery);
      recovery_phrases = Array.filterMap<Types.DeviceWithUsage, Types.PublicKey>(
        devices,
        func({ pubkey; key_type }) = if (key_type == #seed_phrase) ?pubkey else null,
      );
    };
  };

  public shared ({ caller }) func get_anchor_info(number : Types.UserNumber) : async Types.IdentityAnchorInfo {
    let anchor = Anchors.authenticate(anchors, number, caller);
    Anchors.use(anchor, caller, now());
    { devices = anchor.devices; device_registration = null; name = null; created_at = ?anchor.createdAt };
  };

  // Delegations

  public shared query ({ caller }) func get_principal(number : Types.UserNumber, frontend : Types.FrontendHostname) : async Principal {
    ignore Anchors.authenticate(anchors, number, caller);
    Anchors.principalOf(keyOf(Delegations.seed(salted(), number, frontend)));
  };

  public shared ({ caller }) func prepare_delegation(
    number : Types.UserNumber,
    frontend : Types.FrontendHostname,
    sessionKey : Types.PublicKey,
    maxTimeToLive : ?Nat64,
  ) : async (Types.PublicKey, Types.Timestamp) {
    Anchors.use(Anchors.authenticate(anchors, number, caller), caller, now());
    await* init_salt_once();
    let seed = Delegations.seed(salted(), number, frontend);
    let expiration = Delegations.expiration(now(), maxTimeToLive);
    Delegations.sign(tree, signatures, seed, sessionKey, expiration, now());
    publish();
    (keyOf(seed), expiration);
  };

  public shared query ({ caller }) func get_delegation(
    number : Types.UserNumber,
    frontend : Types.FrontendHostname,
    sessionKey : Types.PublicKey,
    expiration : Types.Timestamp,
  ) : async Types.GetDelegationResponse {
    ignore Anchors.authenticate(anchors, number, caller);
    let ?certificate = CertifiedData.getCertificate() else Runtime.trap("no data certificate available");
    let seed = Delegations.seed(salted(), number, frontend);
    switch (Delegations.signature(tree, certificate, seed, sessionKey, expiration)) {
      case (?signature) #signed_delegation { delegation = { pubkey = sessionKey; expiration; targets = null }; signature };
      case null #no_such_delegation;
    };
  };

  // The page, and the rest

  public query func http_request(request : Types.HttpRequest) : async Types.HttpResponse { Site.respond(tree, request) };

  public func init_salt() : async () { await* init_salt_once() };

  public shared query ({ caller }) func whoami() : async Principal { caller };

  func init_salt_once() : async* () {
    if (salt != null) return;
    let random = await (actor "aaaaa-aa" : actor { raw_rand : () -> async Blob }).raw_rand();
    if (salt == null) salt := ?random;
  };

  func salted() : Blob = switch salt {
    case (?bytes) bytes;
    case null Runtime.trap("Salt is not set. Try calling init_salt() to set it");
  };

  func keyOf(seed : Blob) : Types.PublicKey = Delegations.publicKey(Principal.fromActor(self), seed);

  func registered(number : ?Types.UserNumber) : Types.RegisterResponse = switch number {
    case (?user_number) #registered { user_number };
    case null #canister_full;
  };

  func devicesOf(number : Types.UserNumber) : [Types.DeviceWithUsage] = switch (Anchors.find(anchors, number)) {
    case (?anchor) anchor.devices;
    case null [];
  };

  /// Whoever registers a device shows that the key is there.
  func requireKey(caller : Principal, { pubkey } : Types.DeviceData, temporary : ?Principal) {
    if (caller != Anchors.principalOf(pubkey) and ?caller != temporary) {
      Runtime.trap(Principal.toText(caller) # " could not be authenticated against the device's key");
    };
  };

  func now() : Types.Timestamp = Nat64.fromNat(Int.abs(Time.now()));
};
