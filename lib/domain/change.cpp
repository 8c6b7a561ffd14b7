#include <verso/domain/change.hpp>

namespace verso {

std::string_view to_string(ChangeType type) noexcept {
    switch (type) {
        case ChangeType::added: return "added";
        case ChangeType::removed: return "removed";
        case ChangeType::changed: return "changed";
        case ChangeType::renamed: return "renamed";
    }
    return "unknown";
}

}  // namespace verso
