// A resource of a version, whatever its kind.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>

#include <string>

namespace verso {

/// A resource as it is stored. `Action::from_document(resource.document)` and its like read it
/// further.
///
/// Thread safety: a value.
struct Resource {
    Kind kind = Kind::action;
    ResourceId id = {};  ///< The same in every version that it was cloned into.
    std::string name = {};
    Document document =
        {};  ///< Without `id`, `errors` and `referencedBy`, which are the library's.

    friend bool operator==(const Resource&, const Resource&) = default;
};

}  // namespace verso
