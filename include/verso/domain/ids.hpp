// Identifiers: UUIDs with a type, so that a connection's id cannot be passed for a version's.
#pragma once

#include <verso/error.hpp>

#include <boost/uuid/uuid.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace verso {

using Uuid = boost::uuids::uuid;

/// The 36 characters of a UUID in lower case.
[[nodiscard]] std::string format_uuid(const Uuid& uuid);

/// Reads the 36-character form (either case); nothing else, no braces.
///
/// Errors: id_invalid.
[[nodiscard]] Result<Uuid> parse_uuid(std::string_view text);

/// A UUID that identifies one kind of thing. Ids that the library makes are of version 7 and rise
/// with time; those that a host gives may be of any version.
///
/// Thread safety: a value.
/// Source:        RFC 9562
template <class Tag>
struct Id {
    Uuid value{};

    [[nodiscard]] bool is_nil() const noexcept { return value.is_nil(); }

    friend bool operator==(const Id& a, const Id& b) noexcept { return a.value == b.value; }
    friend std::strong_ordering operator<=>(const Id& a, const Id& b) noexcept {
        if (a.value < b.value) return std::strong_ordering::less;
        return a.value == b.value ? std::strong_ordering::equal : std::strong_ordering::greater;
    }
};

using OrganisationId = Id<struct OrganisationTag>;
using ConnectionId = Id<struct ConnectionTag>;
using VersionId = Id<struct VersionTag>;
using ResourceId = Id<struct ResourceTag>;
using LeaseId = Id<struct LeaseTag>;

template <class Tag>
[[nodiscard]] std::string to_string(const Id<Tag>& id) {
    return format_uuid(id.value);
}

/// Reads an id. Errors: id_invalid.
template <class AnyId>
[[nodiscard]] Result<AnyId> parse_id(std::string_view text) {
    auto uuid = parse_uuid(text);
    if (!uuid) return uuid.error();
    return AnyId{*uuid};
}

}  // namespace verso

template <class Tag>
struct std::hash<verso::Id<Tag>> {
    std::size_t operator()(const verso::Id<Tag>& id) const noexcept { return hash_value(id.value); }
};
