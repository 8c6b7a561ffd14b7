// The kinds of resources that a version holds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace verso {

/// The kind of a resource. The first four are the domain's; the rest keep what an imported API
/// description holds besides, so that nothing of it is lost. The numbers are part of the stored
/// format.
enum class Kind : std::uint8_t {
    action = 1,
    definition = 2,
    trigger = 3,
    parameter = 4,
    response = 5,
    request_body = 6,
    header = 7,
    example = 8,
    security_scheme = 9,
    link = 10,
    callback = 11,
    path_item = 12,
    document = 13,
};

inline constexpr std::array all_kinds{
    Kind::action,       Kind::definition, Kind::trigger, Kind::parameter,       Kind::response,
    Kind::request_body, Kind::header,     Kind::example, Kind::security_scheme, Kind::link,
    Kind::callback,     Kind::path_item,  Kind::document};

/// The kind in lower-case singular, as `action` or `request_body`.
[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// The kind that `to_string` names, if any.
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text) noexcept;

}  // namespace verso
