#include <verso/domain/trigger.hpp>

#include "domain/typed_document.hpp"

namespace verso {

Result<Trigger> Trigger::from_document(const Document& document) {
    return shape_from_document<Trigger>(document, "trigger");
}

Result<Document> Trigger::to_document() const { return shape_to_document(*this, "trigger"); }

}  // namespace verso
