// Reads the members of one object of a bundle, each of which must be there and of its type, and no
// others. Fails with bundle_invalid, which names the member.
#pragma once

#include <verso/domain/digest.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include "domain/json_outline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verso::engine::bundle {

/// Thread safety: bound.
class MemberReader {
public:
    explicit MemberReader(JsonView object);

    [[nodiscard]] std::string text(std::string_view name);
    [[nodiscard]] std::uint64_t number(std::string_view name);
    [[nodiscard]] std::uint32_t number32(std::string_view name);
    [[nodiscard]] bool flag(std::string_view name);
    [[nodiscard]] Uuid uuid(std::string_view name);
    /// Of what must be told from nothing.
    [[nodiscard]] Uuid uuid_not_nil(std::string_view name);
    /// Nil where it is null.
    [[nodiscard]] Uuid uuid_or_null(std::string_view name);
    [[nodiscard]] Timestamp time(std::string_view name);
    [[nodiscard]] Digest digest(std::string_view name);
    [[nodiscard]] JsonView object(std::string_view name) { return typed(name, JsonType::object); }
    [[nodiscard]] JsonView array(std::string_view name) { return typed(name, JsonType::array); }
    [[nodiscard]] JsonView any(std::string_view name);
    /// What may be missing.
    [[nodiscard]] std::optional<JsonView> find(std::string_view name);

    /// Fails if there are members that nobody read.
    void finish() const;

    [[noreturn]] static void refuse(std::string_view name, const std::string& why);

private:
    [[nodiscard]] JsonView typed(std::string_view name, JsonType type);

    JsonView object_;
    std::size_t read_ = 0;
};

/// 64 hexadecimal digits in lower case.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view text);
/// A UUID as the library writes it, in lower case. Fails with bundle_invalid.
[[nodiscard]] Uuid parse_plain_uuid(std::string_view name, std::string_view text);

}  // namespace verso::engine::bundle
