// What a bundle says before its content, and what is to be done with it here: which versions are
// new or move on, and which commits the store lacks for that.
#pragma once

#include <verso/bundle.hpp>

#include "engine/bundle/known_commits.hpp"
#include "engine/bundle/known_versions.hpp"
#include "engine/bundle/lines.hpp"
#include "engine/writer.hpp"

#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace verso::engine::bundle {

struct PlannedCommit {
    CommitLine line;
    CommitId id = 0;      ///< here; 0: it is not known, or not yet stored
    bool is_new = false;  ///< to be stored
};

struct PlannedVersion {
    VersionLine line;
    std::optional<VersionRecord> present;  ///< as it is here
    MoveOutcome outcome = MoveOutcome::unchanged;

    [[nodiscard]] bool is_written() const noexcept { return bundle::is_written(outcome); }
};

/// Thread safety: bound. Failures are thrown.
class ImportPlan {
public:
    ImportPlan(View& view, const BundleImportOptions& options) : view_(view), options_(options) {}

    // What the lines say, in their order. Each fails with bundle_invalid where it does not fit to
    // those before.

    void add(HeaderLine header);
    void add(VersionLine version);
    void add(CommitLine commit);

    /// Holds the bundle against the connection that it goes into, which must be there.
    ///
    /// Failures: bundle_invalid, id_taken; name_taken, version_published and version_diverged,
    ///           unless conflicts are skipped.
    void decide(ConnectionId connection);

    [[nodiscard]] const HeaderLine& header() const noexcept { return header_; }
    [[nodiscard]] ConnectionId connection() const noexcept { return connection_; }
    [[nodiscard]] std::vector<PlannedVersion>& versions() noexcept { return versions_; }
    [[nodiscard]] std::vector<PlannedCommit>& commits() noexcept { return commits_; }
    [[nodiscard]] bool is_partial() const noexcept { return !header_.base.empty(); }
    /// The commit of that UUID here; 0: there is none. Requires: it is in the bundle or its base.
    [[nodiscard]] CommitId id_of(const Uuid& commit) const;
    [[nodiscard]] bool knows(const Uuid& commit) const {
        return is_told(commit) && id_of(commit) != 0;
    }
    [[nodiscard]] KnownVersions& known_versions() noexcept { return *known_versions_; }

private:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] bool is_told(const Uuid& commit) const {
        return index_.contains(commit) || base_.contains(commit);
    }
    /// Its place in `commits_`; none: it is of the base.
    [[nodiscard]] std::size_t place_of(const Uuid& commit) const;
    void find_known();
    [[nodiscard]] MoveOutcome outcome_of(const PlannedVersion& version);
    void settle_names();
    [[nodiscard]] bool is_before(CommitId old, const Uuid& head);
    void check_ids();
    void mark_new(const Uuid& head);

    View& view_;
    const BundleImportOptions& options_;
    HeaderLine header_;
    ConnectionId connection_{};
    std::vector<PlannedVersion> versions_;
    std::vector<PlannedCommit> commits_;
    std::unordered_map<Uuid, std::size_t, UuidHash> index_;  ///< of commits_
    std::unordered_map<Uuid, CommitId, UuidHash> base_;
    std::unordered_set<std::string> names_;
    std::unordered_set<VersionId> ids_;
    std::optional<KnownVersions> known_versions_;
};

}  // namespace verso::engine::bundle
