#include "domain/document_patch.hpp"

#include "domain/element_matcher.hpp"
#include "domain/json_writer.hpp"

#include <map>
#include <optional>
#include <vector>

namespace verso {

namespace {

void patch(JsonWriter& json, JsonView document, JsonView previous, JsonView next);

/// The members of an object by name: an object may have any number of them.
class MemberIndex {
public:
    explicit MemberIndex(JsonView object) {
        for (const auto [key, value] : object.members()) values_.emplace(key.string(), value);
    }

    [[nodiscard]] std::optional<JsonView> find(const std::string& name) const {
        const auto found = values_.find(name);
        if (found == values_.end()) return std::nullopt;
        return found->second;
    }

private:
    std::map<std::string, JsonView> values_;
};

bool equal(const std::optional<JsonView>& a, JsonView b) { return a && a->text() == b.text(); }

void patch_object(JsonWriter& json, JsonView document, JsonView previous, JsonView next) {
    const MemberIndex previous_members(previous);
    const MemberIndex next_members(next);
    const MemberIndex document_members(document);
    json.begin_object();
    for (const auto [key, value] : document.members()) {
        const std::string name = key.string();
        const auto before = previous_members.find(name);
        const auto after = next_members.find(name);
        if (before && !after) continue;
        json.raw_key(key.text());
        if (!after)
            json.raw(value.text());
        else if (!before)
            json.raw(after->text());
        else
            patch(json, value, *before, *after);
    }
    for (const auto [key, value] : next.members()) {
        const std::string name = key.string();
        // A member that the document leaves out and that stays what leaving it out means is left
        // out.
        if (document_members.find(name) || equal(previous_members.find(name), value)) continue;
        json.raw_key(key.text()).raw(value.text());
    }
    json.end_object();
}

void patch_array(JsonWriter& json, JsonView document, JsonView previous, JsonView next) {
    const std::vector<JsonView> old_elements = elements_of(document);
    const std::vector<JsonView> previous_elements = elements_of(previous);
    const std::vector<JsonView> next_elements = elements_of(next);
    if (old_elements.size() != previous_elements.size()) {
        json.raw(next.text());
        return;
    }
    JsonEquality equality;
    const ElementMatcher matcher(previous_elements, next_elements, equality);
    json.begin_array();
    for (std::size_t i = 0; i < next_elements.size(); ++i) {
        if (const auto partner = matcher.partner(i))
            patch(json, old_elements[*partner], previous_elements[*partner], next_elements[i]);
        else
            json.raw(next_elements[i].text());
    }
    json.end_array();
}

void patch(JsonWriter& json, JsonView document, JsonView previous, JsonView next) {
    const auto all = [&](JsonType type) {
        return document.type() == type && previous.type() == type && next.type() == type;
    };
    if (previous.text() == next.text())
        json.raw(document.text());
    else if (all(JsonType::object))
        patch_object(json, document, previous, next);
    else if (all(JsonType::array))
        patch_array(json, document, previous, next);
    else
        json.raw(next.text());
}

}  // namespace

std::string patch_json(JsonView document, JsonView previous, JsonView next) {
    JsonWriter json(document.text().size());
    patch(json, document, previous, next);
    return std::move(json).take();
}

}  // namespace verso
