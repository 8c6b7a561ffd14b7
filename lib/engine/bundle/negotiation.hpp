// What two stores have in common of one connection, and what of it is to move from the one to the
// other.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/bundle_export.hpp"
#include "engine/bundle/known_commits.hpp"
#include "engine/bundle/known_versions.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verso::engine::bundle {

/// Thread safety: bound. Failures are thrown.
class Negotiation {
public:
    Negotiation(View& from, View& to, ConnectionId connection);

    /// `version`: the one that moves; none: all. Once only. Fails with connection_not_found,
    /// version_not_found.
    void run(const std::optional<std::string>& version);

    [[nodiscard]] const std::vector<MovedVersion>& outcomes() const noexcept { return outcomes_; }
    [[nodiscard]] bool is_connection_there() const noexcept { return is_there_; }
    /// What moves.
    [[nodiscard]] const BundleContent& content() const noexcept { return content_; }

private:
    [[nodiscard]] MoveOutcome relate(const VersionRecord& version);
    /// Whether a commit there is in the history that ends with `head` here: from the newest commit
    /// on that both sides have and need, as it is there.
    [[nodiscard]] bool leads_to(CommitId there, CommitId head);
    /// A commit of this side on the other; none where it is about to be dropped here, and half gone
    /// perhaps.
    [[nodiscard]] std::optional<CommitId> find_there(const CommitRecord& commit);
    /// Adds the newest commits before `head` that the other side has to the base.
    void find_base(CommitId head);

    View& from_;
    View& to_;
    bool is_there_;
    KnownVersions versions_;  ///< of the other side
    KnownCommits commits_;    ///< of the other side
    CommitIds walked_;
    BundleContent content_;
    std::vector<MovedVersion> outcomes_;
};

}  // namespace verso::engine::bundle
