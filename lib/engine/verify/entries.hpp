// Entries of trees, as findings name them.
#pragma once

#include "engine/content.hpp"

#include <string>

namespace verso::engine::verification {

/// `action "GetPet"`.
[[nodiscard]] std::string describe_resource(const content::ResourceKey& key);

/// The same of any key that a tree may have, well-formed or not: `id 0190...` of the index of ids.
[[nodiscard]] std::string describe_entry(BytesView key);

}  // namespace verso::engine::verification
