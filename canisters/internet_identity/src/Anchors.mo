/// Identities: numbers, and the keys of the devices that may speak for each.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Sha256 "mo:certification/Sha256";
import Types "Types";

module {
  public type Anchor = { var devices : [Types.DeviceWithUsage]; createdAt : Types.Timestamp };
  public type Anchors = {
    byNumber : Map.Map<Types.UserNumber, Anchor>;
    var first : Types.UserNumber;
    /// The first number that is not given out any more.
    var end : Types.UserNumber;
    var next : Types.UserNumber;
  };

  /// Devices of one identity, as in the public one.
  let devicesMax = 10;
  let keyBytesMax = 300;
  let aliasCharactersMax = 64;

  public func empty() : Anchors = { byNumber = Map.empty(); var first = 10_000; var end = 3_784_873; var next = 10_000 };

  /// Gives out numbers from `first` on, and none from `end` on.
  public func assign(anchors : Anchors, (first, end) : (Types.UserNumber, Types.UserNumber)) {
    if (first > end) Runtime.trap("improper Internet Identity Number range: [" # Nat64.toText(first) # ", " # Nat64.toText(end) # ")");
    anchors.first := first;
    anchors.end := end;
    anchors.next := Nat64.max(anchors.next, first);
  };

  /// A new identity with the next number, or `null` when every number is given out.
  public func register(anchors : Anchors, device : Types.DeviceData, now : Types.Timestamp) : ?Types.UserNumber {
    while (Map.containsKey(anchors.byNumber, Nat64.compare, anchors.next)) anchors.next += 1;
    if (anchors.next >= anchors.end) return null;
    let number = anchors.next;
    anchors.next += 1;
    put(anchors, number, device, now);
    ?number;
  };

  /// A new identity with a number of choice, unless somebody has it.
  public func registerAs(anchors : Anchors, number : Types.UserNumber, device : Types.DeviceData, now : Types.Timestamp) : Bool {
    if (Map.containsKey(anchors.byNumber, Nat64.compare, number)) return false;
    put(anchors, number, device, now);
    true;
  };

  func put(anchors : Anchors, number : Types.UserNumber, device : Types.DeviceData, now : Types.Timestamp) {
    check(device);
    Map.add(anchors.byNumber, Nat64.compare, number, { var devices = [{ device with last_usage = ?now }]; createdAt = now });
  };

  public func find(anchors : Anchors, number : Types.UserNumber) : ?Anchor = Map.get(anchors.byNumber, Nat64.compare, number);

  /// The identity that the caller may speak for: the key of one of its devices signed the call. Traps otherwise.
  public func authenticate(anchors : Anchors, number : Types.UserNumber, caller : Principal) : Anchor {
    switch (find(anchors, number)) {
      case (?anchor) if (isKeyOf(anchor, caller)) return anchor;
      case null {};
    };
    Runtime.trap(Principal.toText(caller) # " could not be authenticated.");
  };

  /// The principal of a public key, DER.
  public func principalOf(key : Types.PublicKey) : Principal {
    let digest = Blob.toArray(Sha256.digest224(key));
    Principal.fromBlob(Blob.fromArray(Array.concat<Nat8>(digest, [2])));
  };

  func isKeyOf(anchor : Anchor, caller : Principal) : Bool = Array.any<Types.DeviceWithUsage>(
    anchor.devices,
    func({ pubkey }) = principalOf(pubkey) == caller,
  );

  /// Notes that the key of a device was used.
  public func use(anchor : Anchor, caller : Principal, now : Types.Timestamp) {
    anchor.devices := Array.map<Types.DeviceWithUsage, Types.DeviceWithUsage>(
      anchor.devices,
      func device = if (principalOf(device.pubkey) == caller) { { device with last_usage = ?now } } else device,
    );
  };

  /// Adds a device. Traps when the identity has its key already, or as many devices as it may.
  public func addDevice(anchor : Anchor, device : Types.DeviceData) {
    check(device);
    if (indexOf(anchor, device.pubkey) != null) Runtime.trap("Device already added.");
    if (anchor.devices.size() >= devicesMax) Runtime.trap("too many devices: an identity has at most 10");
    anchor.devices := Array.concat(anchor.devices, [{ device with last_usage = null }]);
  };

  /// Changes what is known of a device, its key excepted.
  public func updateDevice(anchor : Anchor, key : Types.PublicKey, device : Types.DeviceData) {
    check(device);
    if (device.pubkey != key) Runtime.trap("device key may not be updated");
    let at = requireIndex(anchor, key);
    anchor.devices := Array.tabulate<Types.DeviceWithUsage>(
      anchor.devices.size(),
      func i = if (i == at) { { device with last_usage = anchor.devices[i].last_usage } } else anchor.devices[i],
    );
  };

  public func removeDevice(anchor : Anchor, key : Types.PublicKey) {
    ignore requireIndex(anchor, key);
    anchor.devices := Array.filter<Types.DeviceWithUsage>(anchor.devices, func({ pubkey }) = pubkey != key);
  };

  /// The identity of a passkey.
  public func byCredential(anchors : Anchors, credential : Blob) : ?Types.DeviceKeyWithAnchor {
    for ((anchor_number, anchor) in Map.entries(anchors.byNumber)) {
      switch (Array.find<Types.DeviceWithUsage>(anchor.devices, func({ credential_id }) = credential_id == ?credential)) {
        case (?{ pubkey }) return ?{ pubkey; anchor_number };
        case null {};
      };
    };
    null;
  };

  func requireIndex(anchor : Anchor, key : Types.PublicKey) : Nat = switch (indexOf(anchor, key)) {
    case (?index) index;
    case null Runtime.trap("Could not find device to update, check device key");
  };

  func indexOf(anchor : Anchor, key : Types.PublicKey) : ?Nat = Array.findIndex<Types.DeviceWithUsage>(
    anchor.devices,
    func({ pubkey }) = pubkey == key,
  );

  func check({ pubkey; alias } : Types.DeviceData) {
    if (pubkey.size() > keyBytesMax) Runtime.trap("device key exceeds the limit of 300 bytes");
    if (alias.size() > aliasCharactersMax) Runtime.trap("device alias exceeds the limit of 64 characters");
  };
};
