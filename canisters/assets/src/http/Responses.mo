/// The responses an asset has: one per encoding, and its "not modified" twin. What is certified and what is sent
/// both come from here.

import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Text "mo:core/Text";
import Assets "../content/Assets";
import Certificate "mo:certification/Certificate";
import Listing "../content/Listing";
import Sha256 "mo:certification/Sha256";

module {
  // SHA-256 of no bytes.
  let emptyDigest : Blob = "\e3\b0\c4\42\98\fc\1c\14\9a\fb\f4\c8\99\6f\b9\24\27\ae\41\e4\64\9b\93\4c\a4\95\99\1b\78\52\b8\55";

  /// The whole content of one encoding. `cookie` goes with HTML only.
  public func found(asset : Assets.Asset, name : Text, encoding : Assets.Encoding, cookie : ?Text) : Certificate.Response = {
    status = 200;
    headers = headers(asset, name, encoding, cookie);
    bodyDigest = encoding.sha256;
  };

  /// The answer to a client that has this encoding already. Its headers are the same, its body is empty.
  public func notModified(asset : Assets.Asset, name : Text, encoding : Assets.Encoding, cookie : ?Text) : Certificate.Response = {
    status = 304;
    headers = headers(asset, name, encoding, cookie);
    bodyDigest = emptyDigest;
  };

  public let notFoundBody : Blob = "not found";

  /// The answer to any path while there is no `/index.html`.
  public func notFound() : Certificate.Response = {
    status = 404;
    headers = [("content-type", "text/plain")];
    bodyDigest = Sha256.digest(notFoundBody);
  };

  /// Every response of an asset.
  public func all(asset : Assets.Asset, cookie : ?Text) : [Certificate.Response] {
    let responses = List.empty<Certificate.Response>();
    for ((name, encoding) in Map.entries(asset.encodings)) {
      List.add(responses, found(asset, name, encoding, cookie));
      List.add(responses, notModified(asset, name, encoding, cookie));
    };
    List.toArray(responses);
  };

  /// Whether answers carry the environment cookie.
  public func isHtml(asset : Assets.Asset) : Bool = Text.startsWith(asset.contentType, #text "text/html");

  public func etag(encoding : Assets.Encoding) : Text = "\"" # Listing.hex(encoding.sha256) # "\"";

  func headers(asset : Assets.Asset, name : Text, encoding : Assets.Encoding, cookie : ?Text) : [Certificate.Header] {
    let list = List.singleton<Certificate.Header>(("content-type", asset.contentType));
    if (name != "identity") List.add(list, ("content-encoding", name));
    switch (asset.maxAge) {
      case (?seconds) List.add(list, ("cache-control", "max-age=" # Nat64.toText(seconds)));
      case null {};
    };
    List.add(list, ("etag", etag(encoding)));
    switch (asset.headers) {
      case (?own) for ((key, value) in own.vals()) List.add(list, (Text.toLower(key), value));
      case null {};
    };
    switch cookie {
      case (?value) if (isHtml(asset)) List.add(list, ("set-cookie", value));
      case null {};
    };
    List.toArray(list);
  };
};
