#include <verso/domain/conflict.hpp>

namespace verso {

std::string_view to_string(ConflictType type) noexcept {
    switch (type) {
        case ConflictType::content: return "content";
        case ConflictType::deleted_by_ours: return "deleted_by_ours";
        case ConflictType::deleted_by_theirs: return "deleted_by_theirs";
        case ConflictType::rename: return "rename";
        case ConflictType::name: return "name";
        case ConflictType::reference: return "reference";
    }
    return "unknown";
}

std::string_view to_string(Take take) noexcept {
    switch (take) {
        case Take::unresolved: return "unresolved";
        case Take::base: return "base";
        case Take::ours: return "ours";
        case Take::theirs: return "theirs";
        case Take::value: return "value";
    }
    return "unknown";
}

}  // namespace verso
