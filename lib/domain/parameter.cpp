#include <verso/domain/parameter.hpp>

#include "domain/typed_document.hpp"

namespace verso {

std::string_view to_string(ParameterLocation location) noexcept {
    switch (location) {
        case ParameterLocation::path: return "path";
        case ParameterLocation::query: return "query";
        case ParameterLocation::header: return "header";
        case ParameterLocation::cookie: return "cookie";
    }
    return "unknown";
}

std::string_view to_string(ParameterType type) noexcept {
    switch (type) {
        case ParameterType::string: return "string";
        case ParameterType::number: return "number";
        case ParameterType::integer: return "integer";
        case ParameterType::boolean: return "boolean";
    }
    return "unknown";
}

Result<Parameter> Parameter::from_document(const Document& document) {
    return shape_from_document<Parameter>(document, "parameter");
}

Result<Document> Parameter::to_document() const { return shape_to_document(*this, "parameter"); }

}  // namespace verso
