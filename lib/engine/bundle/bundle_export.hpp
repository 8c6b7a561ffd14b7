// Writes a bundle of some versions of one connection.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/history.hpp"
#include "engine/bundle/lines.hpp"

#include <functional>
#include <vector>

namespace verso::engine::bundle {

/// What goes into a bundle.
struct BundleContent {
    Holds holds = Holds::connection;
    ConnectionId connection{};
    std::vector<VersionRecord> versions{};
    CommitIds base{};  ///< commits that the receiver has, and with them all before
    /// Whether the receiver has the document already; none: it has nothing.
    std::function<bool(const Digest&)> has_document{};
};

/// Writes it. Fails as the sink does.
///
/// Complexity: O(what the commits changed).
[[nodiscard]] BundleSummary export_bundle(View& view, Timestamp time, const BundleContent& content,
                                          const BundleSink& sink,
                                          const std::function<void(double)>& progress);

}  // namespace verso::engine::bundle
