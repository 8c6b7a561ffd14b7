#include "openapi/notes.hpp"

#include <algorithm>

namespace verso::openapi {

namespace {

bool contains(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void Notes::key(std::string_view original, std::string_view name) {
    if (original != name) notes_.key("key").string(original);
}

void Notes::write_to(JsonWriter& json) const {
    if (notes_.text().empty() && members_.text().empty()) return;
    json.key("openapi").begin_object();
    if (!notes_.text().empty()) json.raw(notes_.text());
    if (!members_.text().empty())
        json.key("members").begin_object().raw(members_.text()).end_object();
    json.end_object();
}

void copy_members(JsonWriter& json, JsonView source, const MemberRules& rules, Notes& notes) {
    std::string scratch;
    for (const auto [key, value] : source.members()) {
        const std::string_view name = key.string(scratch);
        if (contains(rules.handled, name)) continue;
        if (contains(rules.own, name))
            notes.displace(name, value);
        else
            json.raw_key(key.text()).raw(value.text());
    }
}

}  // namespace verso::openapi
