// Which resource of a version is which of a description: by kind and original name.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/reader.hpp>

#include "openapi/converted.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// The name that a resource's document says it had in the description that it came from.
///
/// Complexity: O(size of the document).
[[nodiscard]] std::string original_name(const ResourceView& resource);

/// A resource of the version that the import starts from.
struct Present {
    Kind kind;
    ResourceId id;
    std::string name;
};

/// What it takes to turn the one into the other.
struct Plan {
    /// One that is not there yet, or is not the same.
    struct Put {
        std::size_t index;                  ///< Of the converted resource.
        std::optional<ResourceId> id = {};  ///< Of the present one; none: it is new.
    };
    std::vector<Put> puts;       ///< In the order of the converted resources.
    std::vector<Present> moved;  ///< Paired, but under another name now: what must make room first.
    std::vector<Present> gone;
    std::uint64_t unchanged = 0;
};

/// Pairs what is present with what has been converted.
///
/// Among several of one original name, those of the same name pair first, the rest in order of
/// name. Thread safety: movable. Lifetime: that of the converted resources.
class Pairing {
public:
    explicit Pairing(std::span<const ConvertedResource> converted);

    /// Tells a present resource; all of a kind in order of name.
    void add(const ResourceView& present);

    [[nodiscard]] Plan plan() &&;

private:
    struct Candidate {
        Present present;
        std::string original;  // with its kind
    };
    struct Match {
        std::optional<ResourceId> id;
        bool is_same = false;
    };
    /// The converted resources of one original name, of which the first `passed` are known to be
    /// matched.
    struct Namesakes {
        std::vector<std::size_t> indexes;
        std::size_t passed = 0;
    };
    void pair_renamed();
    [[nodiscard]] std::optional<std::size_t> next_unmatched(const std::string& original);

    std::span<const ConvertedResource> converted_;
    std::unordered_map<std::string, Namesakes> by_original_;
    std::unordered_map<std::string, std::size_t> by_both_names_;
    std::vector<Match> matches_;
    std::vector<Candidate> unmatched_;
    Plan plan_;
};

}  // namespace verso::openapi
