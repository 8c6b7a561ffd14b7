// Names of resources, made of names in an API description, which may be any text.
#pragma once

#include <verso/domain/kind.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace verso::openapi {

/// The name with `_` for each character that a name of that kind may not have. One that would be
/// too long is cut, and ends in a digest of the whole, so that two that begin alike stay apart.
[[nodiscard]] std::string to_name(Kind kind, std::string_view original);

/// A name for an operation that has none, as `get_pets_id` for GET /pets/{id}.
[[nodiscard]] std::string operation_name(std::string_view method, std::string_view path);

/// Hands out the names of one kind so that none is given twice.
///
/// First all original names are told to reserve(): one that is good as it is goes to nobody else.
/// Then take() answers each one's name in the order of the document: the first comer has the plain
/// one, the next get `_2`,
/// `_3`. Thread safety: movable.
class Names {
public:
    explicit Names(Kind kind) : kind_(kind) {}

    void reserve(std::string_view original);
    [[nodiscard]] std::string take(std::string_view original);
    /// Takes a name that was made up rather than read: it yields to all reserved ones.
    [[nodiscard]] std::string take_made_up(std::string_view wanted);

private:
    [[nodiscard]] std::string take(std::string name, bool may_be_plain);

    Kind kind_;
    std::unordered_set<std::string> reserved_;
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, unsigned> last_suffix_;
};

}  // namespace verso::openapi
