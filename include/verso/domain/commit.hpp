// A change of a draft, as its history keeps it, and where versions come from.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verso {

/// One change of a draft's resources.
///
/// Thread safety: a value.
struct Commit {
    std::uint64_t number = 0;  ///< Counts up, in this store only.
    Uuid id = {};              ///< The same in every store.
    Timestamp time = {};
    VersionId version = {};  ///< That wrote it; it may be gone.
    std::string author = {};
    std::string message = {};
    std::uint32_t added = 0;  ///< Resources.
    std::uint32_t changed = 0;
    std::uint32_t removed = 0;
    std::uint32_t renamed = 0;
    std::uint64_t parent = 0;  ///< The nearest one before it that is kept; 0: none.
    /// The commits that were merged in with it, and with those before it that are not kept, as far
    /// as other versions may still be merged by them.
    std::vector<std::uint64_t> merged = {};

    friend bool operator==(const Commit&, const Commit&) = default;
};

/// Where a version came from.
///
/// Thread safety: a value.
struct VersionOrigin {
    VersionId version = {};
    std::string name = {};
    std::optional<VersionId> origin = {};         ///< None: it was created empty.
    std::optional<std::string> origin_name = {};  ///< None, too, where that version is deleted.
    std::uint64_t commit = 0;  ///< Of the origin, that it was cloned at; it may be gone.

    friend bool operator==(const VersionOrigin&, const VersionOrigin&) = default;
};

}  // namespace verso
