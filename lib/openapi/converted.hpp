// What a description is converted to.
#pragma once

#include <verso/domain/kind.hpp>

#include <string>

namespace verso::openapi {

/// A resource that is to be in the version.
struct ConvertedResource {
    Kind kind;
    std::string name;
    std::string
        original;      ///< Its name in the description: what pairs it with that of another release.
    std::string text;  ///< Of its document, compact.
};

}  // namespace verso::openapi
