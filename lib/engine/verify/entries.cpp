#include "engine/verify/entries.hpp"

#include "engine/records.hpp"
#include "engine/verify/tables.hpp"

namespace verso::engine::verification {

std::string describe_resource(const content::ResourceKey& key) {
    return std::string(to_string(key.kind)) + " \"" + std::string(key.name) + "\"";
}

std::string describe_entry(BytesView key) {
    const bool is_id = key.starts_with(static_cast<char>(content::Section::ids)) &&
                       key.size() == content::id_key({}).size();
    if (is_id) return "id " + format_uuid(uuid_of(key.substr(1)));
    if (key.size() == content::reference_key({}, {}).size() &&
        key.starts_with(static_cast<char>(content::Section::references)))
        return "the reference from id " + format_uuid(content::read_referrer(key).value) +
               " to id " + format_uuid(uuid_of(key.substr(1, 16)));
    if (key.size() > 17 && key.starts_with(static_cast<char>(content::Section::dangling)))
        return "the dangling reference from id " + format_uuid(content::read_referrer(key).value);
    if (key.size() == content::staged_key({}).size() &&
        key.starts_with(static_cast<char>(content::Section::staged)))
        return "document " + to_string(digest_of(key.substr(1))) + ", kept for an import";
    try {
        return describe_resource(content::read_resource_key(key));
    } catch (const Failure&) {
        return "the entry " +
               hex(key);  // it is none that there may be: that is what is being said of it
    }
}

}  // namespace verso::engine::verification
