// What tells the parameters of an operation apart.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace verso::openapi {

/// Where parameters are sent, and under which names: no two of an operation share both. There is
/// one string for all that are sent alike, as `query limit`, so that its address is compared.
///
/// Thread safety: bound
class ParameterIdentities {
public:
    /// Lifetime: this object's.
    [[nodiscard]] const std::string* of(std::string_view in, std::string_view name) {
        std::string identity(in);
        identity += ' ';
        return &*known_.insert(identity.append(name)).first;
    }

private:
    std::unordered_set<std::string> known_;
};

}  // namespace verso::openapi
