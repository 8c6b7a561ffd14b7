#include "domain/editable_json.hpp"

#include "domain/element_matcher.hpp"
#include "domain/failure.hpp"
#include "domain/json_validator.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace verso {

namespace {

[[noreturn]] void fail_at(const JsonPath& path, const std::string& what) {
    fail(Errc::patch_failed, '\'' + format_pointer(path) + "' " + what);
}

constexpr const char* nothing_there = "leads to nothing; name a place that is there";

}  // namespace

/// The elements of an array or the members of an object.
struct EditableJson::Parts {
    struct Member {
        std::size_t position;    // members are written in the order of their positions
        std::string_view token;  // of the key, as it was written; empty: it is new
        EditableJson value;
    };

    Parts() = default;
    Parts(const Parts&) = default;
    Parts& operator=(const Parts&) = delete;

    /// Takes down what is below piece by piece: a value copied into itself again and again nests
    /// deeper than the stack has room for.
    ~Parts() {
        std::vector<std::shared_ptr<Parts>> doomed;
        hand_over(doomed);
        while (!doomed.empty()) {
            const std::shared_ptr<Parts> parts = std::move(doomed.back());
            doomed.pop_back();
            if (parts.use_count() == 1) parts->hand_over(doomed);
        }
    }

    void hand_over(std::vector<std::shared_ptr<Parts>>& heirs) {
        const auto take = [&](EditableJson& child) {
            if (child.parts_) heirs.push_back(std::move(child.parts_));
        };
        for (EditableJson& element : elements) take(element);
        for (auto& [name, member] : members) take(member.value);
    }

    std::vector<EditableJson> elements;
    std::map<std::string, Member> members;
    std::size_t next_position = 0;
};

void EditableJson::take_apart() {
    if (parts_) return;
    parts_ = std::make_shared<Parts>();
    for (const JsonView element : text_.elements()) parts_->elements.emplace_back(element);
    for (const auto [key, value] : text_.members())
        parts_->members.emplace(
            key.string(), Parts::Member{parts_->next_position++, key.text(), EditableJson(value)});
}

EditableJson::Parts& EditableJson::own_parts() {
    if (parts_.use_count() > 1) parts_ = std::make_shared<Parts>(std::as_const(*parts_));
    return *parts_;
}

EditableJson* EditableJson::child(const std::string& token, bool to_change) {
    if (!text_.is_array() && !text_.is_object()) return nullptr;
    take_apart();
    Parts& parts = to_change ? own_parts() : *parts_;
    if (text_.is_object()) {
        const auto found = parts.members.find(token);
        return found == parts.members.end() ? nullptr : &found->second.value;
    }
    const auto index = parse_index(token);
    return index && *index < parts.elements.size() ? &parts.elements[*index] : nullptr;
}

const EditableJson* EditableJson::find(const JsonPath& path) {
    EditableJson* at = this;
    for (const std::string& token : path)
        if (at = at->child(token, false); at == nullptr) return nullptr;
    return at;
}

EditableJson& EditableJson::parent_of(const JsonPath& path) {
    const JsonPath way(path.begin(), path.end() - 1);
    EditableJson* at = this;
    for (const std::string& token : way)
        if (at = at->child(token, true); at == nullptr) fail_at(way, nothing_there);
    if (!at->text_.is_array() && !at->text_.is_object())
        fail_at(way, "is " + std::string(to_string(at->text_.type())) +
                         "; only an object or an array holds other values");
    at->take_apart();
    return *at;
}

void EditableJson::add(const JsonPath& path, EditableJson value) {
    if (path.empty()) {
        *this = std::move(value);
        return;
    }
    EditableJson& parent = parent_of(path);
    const std::string& token = path.back();
    Parts& parts = parent.own_parts();
    if (parent.text_.is_object()) {
        const auto found = parts.members.find(token);
        if (found != parts.members.end())
            found->second.value = std::move(value);
        else
            parts.members.emplace(token,
                                  Parts::Member{parts.next_position++, {}, std::move(value)});
        return;
    }
    const std::size_t size = parts.elements.size();
    const auto index = token == "-" ? std::optional(size) : parse_index(token);
    if (!index || *index > size)
        fail_at(path, "is no place in an array of " + std::to_string(size) +
                          " elements; name one, or '-' for its end");
    parts.elements.insert(
        parts.elements.begin() + static_cast<std::vector<EditableJson>::difference_type>(*index),
        std::move(value));
}

void EditableJson::replace(const JsonPath& path, EditableJson value) {
    EditableJson* const target = path.empty() ? this : parent_of(path).child(path.back(), true);
    if (target == nullptr) fail_at(path, nothing_there);
    *target = std::move(value);
}

void EditableJson::remove(const JsonPath& path) {
    if (path.empty()) fail_at(path, "is the whole document, which is not removed; replace it");
    EditableJson& parent = parent_of(path);
    const EditableJson* const target = parent.child(path.back(), true);
    if (target == nullptr) fail_at(path, nothing_there);
    Parts& parts = parent.own_parts();
    if (parent.text_.is_object())
        parts.members.erase(path.back());
    else
        parts.elements.erase(parts.elements.begin() + (target - parts.elements.data()));
}

bool EditableJson::equals(JsonView text, JsonEquality& equality) const {
    if (!parts_) return equality.same(text_, text);
    if (text_.type() != text.type()) return false;
    if (text.is_array()) {
        const std::vector<JsonView> elements = elements_of(text);
        return std::equal(parts_->elements.begin(), parts_->elements.end(), elements.begin(),
                          elements.end(), [&](const EditableJson& mine, JsonView theirs) {
                              return mine.equals(theirs, equality);
                          });
    }
    const auto members = text.members();
    return members.size() == parts_->members.size() &&
           std::all_of(members.begin(), members.end(), [&](JsonMember member) {
               const auto found = parts_->members.find(member.key.string());
               return found != parts_->members.end() &&
                      found->second.value.equals(member.value, equality);
           });
}

void EditableJson::write(JsonWriter& json, std::size_t max_bytes, unsigned depth) const {
    if (depth > max_json_depth || json.text().size() > max_bytes)
        fail(Errc::limit_exceeded,
             "the patched document is longer or deeper than its limits "
             "allow; make it smaller, or raise the limits");
    if (!parts_) {
        json.raw(text_.text());
        return;
    }
    if (text_.is_array()) {
        json.begin_array();
        for (const EditableJson& element : parts_->elements)
            element.write(json, max_bytes, depth + 1);
        json.end_array();
        return;
    }
    using Entry = std::pair<const std::string, Parts::Member>;
    std::vector<const Entry*> entries;
    for (const Entry& entry : parts_->members) entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
        return a->second.position < b->second.position;
    });
    json.begin_object();
    for (const Entry* entry : entries) {
        const auto& [name, member] = *entry;
        if (member.token.empty())
            json.key(name);
        else
            json.raw_key(member.token);
        member.value.write(json, max_bytes, depth + 1);
    }
    json.end_object();
}

}  // namespace verso
