// What stands between a draft and its publication.
#pragma once

#include "engine/view.hpp"

#include <string>

namespace verso::engine {

/// Fails with version_invalid if a resource has an error. Validates what nobody has validated yet,
/// and what had findings when it was written.
///
/// Complexity: O(resources), of which the validated and clean ones are not read.
void check_publishable(View& view, const std::string& version, const tree::Root& root);

}  // namespace verso::engine
