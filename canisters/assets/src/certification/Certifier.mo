/// Keeps the certified tree in step with the assets: which URL path may be answered how.
///
/// Every path that resolves to an asset is certified exactly, with all responses of that asset; the wildcard at the
/// root carries `/index.html` for everything else, or the 404 answer while there is no such asset. For clients of version 1
/// every such path also carries the digest of one body.

import Array "mo:core/Array";
import CertifiedData "mo:core/CertifiedData";
import Map "mo:core/Map";
import Set "mo:core/Set";
import Text "mo:core/Text";
import Aliases "../content/Aliases";
import Assets "../content/Assets";
import Certificate "mo:certification/Certificate";
import ExprPath "mo:certification/ExprPath";
import HashTree "mo:certification/HashTree";
import Negotiation "../http/Negotiation";
import PathTree "mo:certification/PathTree";
import Responses "../http/Responses";

module {
  public type Certifier = { tree : PathTree.Node };

  public func empty() : Certifier = { tree = PathTree.empty() };

  /// Certifies all assets anew and publishes the root digest.
  public func rebuild(certifier : Certifier, assets : Assets.Assets, cookie : ?Text) {
    for (version in ["http_expr", bodies].vals()) PathTree.remove(certifier.tree, [Text.encodeUtf8(version)]);
    let keys = Set.fromIter(Map.keys(assets), Text.compare);
    refresh(certifier, assets, cookie, keys);
  };

  /// Certifies the assets of some keys anew, also those that are gone, and publishes the root digest.
  public func refresh(certifier : Certifier, assets : Assets.Assets, cookie : ?Text, keys : Set.Set<Text>) {
    let paths = Set.empty<Text>();
    for (key in Set.values(keys)) {
      for (path in Aliases.pathsOf(key).vals()) Set.add(paths, Text.compare, path);
    };
    for (path in Set.values(paths)) certifyPath(certifier, assets, cookie, path);
    certifyFallback(certifier, assets, cookie);
    CertifiedData.set(HashTree.digest(PathTree.tree(certifier.tree)));
  };

  /// Where version 1 certifies the body of a URL path.
  public func bodyPath(path : Text) : [Text] = [bodies, path];

  let bodies = "http_assets";

  func certifyPath(certifier : Certifier, assets : Assets.Assets, cookie : ?Text, path : Text) {
    let place = ExprPath.exact(path);
    let body = Certificate.labels(bodyPath(path));
    PathTree.remove(certifier.tree, Certificate.labels(place));
    PathTree.remove(certifier.tree, body);
    switch (Aliases.resolve(assets, path)) {
      case (?(_, asset)) {
        certify(certifier, place, Responses.all(asset, cookie));
        switch (Negotiation.mostImportant(asset)) {
          case (?(_, encoding)) PathTree.insert(certifier.tree, body, encoding.sha256);
          case null {};
        };
      };
      case null {};
    };
  };

  func certifyFallback(certifier : Certifier, assets : Assets.Assets, cookie : ?Text) {
    let place = ExprPath.fallback();
    PathTree.remove(certifier.tree, Certificate.labels(place));
    switch (Aliases.resolve(assets, Aliases.fallbackKey)) {
      case (?(_, asset)) certify(certifier, place, Responses.all(asset, cookie));
      case null certify(certifier, place, [Responses.notFound()]);
    };
  };

  func certify(certifier : Certifier, place : [Text], responses : [Certificate.Response]) {
    let labels = Certificate.labels(place);
    for (response in responses.vals()) PathTree.insert(certifier.tree, Array.concat(labels, Certificate.labelsOf(response)), "");
  };
};
