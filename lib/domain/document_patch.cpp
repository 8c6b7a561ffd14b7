#include "domain/document_patch.hpp"

#include "domain/json_writer.hpp"

#include <array>
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

/// What tells an element of an array from its neighbours while its other members change; none for a
/// scalar.
std::optional<std::string> identity(JsonView element) {
    if (!element.is_object()) return std::nullopt;
    constexpr std::array names{"name", "in", "status", "definition", "parameter"};
    std::string text;
    for (const std::string_view name : names) {
        if (const auto value = element.find(name)) text += value->text();
        text += '\n';  // no compact JSON holds one: texts of different members never run together
    }
    return text;
}

/// Pairs the elements of an array as it shall be with those of the array that it was.
class ElementMatcher {
public:
    ElementMatcher(const std::vector<JsonView>& previous, const std::vector<JsonView>& next)
        : partners_(next.size()) {
        match(previous, next,
              [](JsonView element) { return std::optional(std::string(element.text())); });
        match(previous, next, identity);
    }

    /// The index of the previous element that the `index`th next one was, if it was there.
    [[nodiscard]] std::optional<std::size_t> partner(std::size_t index) const {
        return partners_[index];
    }

private:
    template <class KeyOf>
    void match(const std::vector<JsonView>& previous, const std::vector<JsonView>& next,
               KeyOf key_of) {
        std::multimap<std::string, std::size_t> free;  // equal keys stay in order
        taken_.resize(previous.size());
        for (std::size_t i = 0; i < previous.size(); ++i) {
            if (taken_[i]) continue;
            if (auto key = key_of(previous[i])) free.emplace(std::move(*key), i);
        }
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (partners_[i]) continue;
            const auto key = key_of(next[i]);
            const auto found = key ? free.lower_bound(*key) : free.end();
            if (found == free.end() || found->first != *key) continue;
            partners_[i] = found->second;
            taken_[found->second] = true;
            free.erase(found);
        }
    }

    std::vector<std::optional<std::size_t>> partners_;
    std::vector<bool> taken_;
};

std::vector<JsonView> elements_of(JsonView array) {
    std::vector<JsonView> elements;
    for (const JsonView element : array.elements()) elements.push_back(element);
    return elements;
}

void patch_array(JsonWriter& json, JsonView document, JsonView previous, JsonView next) {
    const std::vector<JsonView> old_elements = elements_of(document);
    const std::vector<JsonView> previous_elements = elements_of(previous);
    const std::vector<JsonView> next_elements = elements_of(next);
    if (old_elements.size() != previous_elements.size()) {
        json.raw(next.text());
        return;
    }
    const ElementMatcher matcher(previous_elements, next_elements);
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
