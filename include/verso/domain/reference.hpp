// How a resource names another of the same version.
#pragma once

#include <verso/domain/ids.hpp>

#include <optional>
#include <string>

namespace verso {

/// Names a Definition (or, in `parameters`, a Parameter) by id or by name. It is kept as it was
/// written.
/// Requires: at least one of the two; with both, the id decides.
struct Reference {
    std::optional<ResourceId> id = {};
    std::optional<std::string> name = {};

    friend bool operator==(const Reference&, const Reference&) = default;
};

}  // namespace verso
