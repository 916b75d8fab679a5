/// The sign-in page over HTTP: its files, each certified for its path, and the page itself for every other path.

import Array "mo:core/Array";
import CertifiedData "mo:core/CertifiedData";
import Text "mo:core/Text";
import Certificate "mo:certification/Certificate";
import ExprPath "mo:certification/ExprPath";
import PathTree "mo:certification/PathTree";
import Url "mo:certification/Url";
import Page "generated/Page";
import Types "Types";

module {
  let pagePath = "/index.html";

  /// Certifies the files.
  public func certify(tree : PathTree.Node) {
    for (file in Page.files.vals()) {
      put(tree, ExprPath.exact(file.path), file);
      if (file.path == pagePath) {
        put(tree, ExprPath.exact("/"), file);
        put(tree, ExprPath.fallback(), file);
      };
    };
  };

  public func respond(tree : PathTree.Node, request : Types.HttpRequest) : Types.HttpResponse {
    let ?path = Url.path(request.url) else return plain(400, "the path is no UTF-8");
    switch (fileAt(path)) {
      case (?file) answer(tree, file, ExprPath.exact(path), []);
      case null switch (fileAt(pagePath)) {
        case (?page) answer(tree, page, ExprPath.fallback(), ExprPath.moreSpecific(path));
        case null plain(404, "not found");
      };
    };
  };

  func fileAt(path : Text) : ?Page.File {
    let asked = if (path == "/") pagePath else path;
    Array.find<Page.File>(Page.files, func file = file.path == asked);
  };

  func put(tree : PathTree.Node, place : [Text], file : Page.File) {
    PathTree.insert(tree, Array.concat(Certificate.labels(place), Certificate.labelsOf(response(file))), "");
  };

  func answer(tree : PathTree.Node, file : Page.File, place : [Text], absent : [[Text]]) : Types.HttpResponse {
    let certified = response(file);
    let proof = Certificate.headersFor(tree, CertifiedData.getCertificate(), place, certified, absent);
    { status_code = 200; headers = Array.concat(certified.headers, proof); body = file.content; upgrade = null };
  };

  func response({ contentType; sha256 } : Page.File) : Certificate.Response = {
    status = 200;
    headers = [("content-type", contentType), ("cache-control", "no-cache"), ("x-content-type-options", "nosniff")];
    bodyDigest = sha256;
  };

  func plain(status_code : Nat16, text : Text) : Types.HttpResponse = {
    status_code;
    headers = [("content-type", "text/plain")];
    body = Text.encodeUtf8(text);
    upgrade = null;
  };
};
