#include <verso/domain/action.hpp>

#include "domain/typed_document.hpp"

namespace verso {

Result<Action> Action::from_document(const Document& document) {
    return shape_from_document<Action>(document, "action");
}

Result<Document> Action::to_document() const { return shape_to_document(*this, "action"); }

}  // namespace verso
