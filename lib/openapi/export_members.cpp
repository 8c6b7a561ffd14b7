#include "openapi/export_members.hpp"

#include "openapi/export_content.hpp"

#include <algorithm>
#include <map>

namespace verso::openapi {

namespace {

void write_canonical(JsonWriter& json, JsonView value) {
    std::string scratch;
    switch (value.type()) {
        case JsonType::string: json.string(value.string(scratch)); return;
        case JsonType::array:
            json.begin_array();
            for (const JsonView element : value.elements()) write_canonical(json, element);
            json.end_array();
            return;
        case JsonType::object: {
            std::map<std::string, JsonView> members;
            for (const auto [key, member] : value.members()) members.emplace(key.string(), member);
            json.begin_object();
            for (const auto& [name, member] : members) write_canonical(json.key(name), member);
            json.end_object();
            return;
        }
        default: json.raw(value.text());
    }
}

}  // namespace

bool Members::add(std::string_view name, std::string_view value) {
    if (!names_.emplace(name).second) return false;
    inside_.key(name).raw(value);
    return true;
}

bool Members::add_string(std::string_view name, std::string_view characters) {
    std::string value;
    append_json_string(value, characters);
    return add(name, value);
}

bool Members::add(JsonMember member) {
    if (!names_.insert(member.key.string()).second) return false;
    inside_.raw_key(member.key.text()).raw(member.value.text());
    return true;
}

void Members::add_all(JsonView object) {
    for (const JsonMember member : object.members()) add(member);
}

void Members::append(const Members& others) {
    if (others.empty()) return;
    names_.insert(others.names_.begin(), others.names_.end());
    inside_.raw(others.inside_.text());
}

std::string Members::text() const {
    std::string text;
    text.reserve(inside_.text().size() + 2);
    return text.append("{").append(inside_.text()).append("}");
}

bool contains(MemberNames names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void copy_source(Members& to, JsonView document, const SourceMembers& names, const Members& made) {
    std::string scratch;
    std::size_t leading = 0;
    std::size_t count = 0;
    for (const auto [key, value] : document.members()) {
        ++count;
        if (contains(names.leading, key.string(scratch))) leading = count;
    }
    count = 0;
    if (leading == 0) to.append(made);
    for (const JsonMember member : document.members()) {
        const std::string_view name = member.key.string(scratch);
        if (!contains(names.shape, name) && !made.contains(name)) to.add(member);
        if (++count == leading) to.append(made);
    }
}

void add_displaced(Members& to, JsonView document) {
    if (const auto displaced = find_note(document, "members", JsonType::object))
        to.add_all(*displaced);
}

std::string canonical_text(JsonView value) {
    JsonWriter json(value.text().size());
    write_canonical(json, value);
    return std::move(json).take();
}

}  // namespace verso::openapi
