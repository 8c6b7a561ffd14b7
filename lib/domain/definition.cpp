#include <verso/domain/definition.hpp>

#include "domain/typed_document.hpp"

namespace verso {

Result<Definition> Definition::from_document(const Document& document) {
    return shape_from_document<Definition>(document, "definition");
}

Result<Document> Definition::to_document() const { return shape_to_document(*this, "definition"); }

}  // namespace verso
