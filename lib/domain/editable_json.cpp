#include "domain/editable_json.hpp"

#include "domain/element_matcher.hpp"
#include "domain/failure.hpp"
#include "domain/json_validator.hpp"
#include "domain/shared_sequence.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace verso {

namespace {

[[noreturn]] void fail_at(const JsonPath& path, const std::string& what) {
    fail(Errc::patch_failed, '\'' + format_pointer(path) + "' " + what);
}

constexpr const char* nothing_there = "leads to nothing; name a place that is there";

}  // namespace

/// The elements of an array, or the members of an object in the order of their names.
struct EditableJson::Parts {
    struct Member {
        std::string name;
        std::size_t position;    // members are written in the order of their positions
        std::string_view token;  // of the key, as it was written; empty: it is new
        EditableJson value;
    };

    Parts() = default;
    Parts(const Parts& other)
        : elements(other.elements), members(other.members), next_position(other.next_position) {}
    Parts& operator=(const Parts&) = delete;

    /// Takes down what is below piece by piece: a value copied into itself again and again nests
    /// deeper than the stack has room for.
    ~Parts() {
        std::shared_ptr<Parts> doomed;
        hand_over(doomed);
        elements = {};  // so that what they share with those is theirs alone
        members = {};
        while (doomed) {
            const std::shared_ptr<Parts> parts = std::move(doomed);
            doomed = std::move(parts->next_doomed);
            parts->hand_over(doomed);
        }
    }

    /// Puts what nobody else has in front of those.
    void hand_over(std::shared_ptr<Parts>& doomed) noexcept {
        const auto take = [&](EditableJson& child) {
            const std::shared_ptr<Parts> parts = std::move(child.parts_);
            if (!parts || parts.use_count() > 1) return;
            parts->next_doomed = std::move(doomed);
            doomed = parts;
        };
        elements.each_own(take);
        members.each_own([&](Member& member) { take(member.value); });
    }

    /// Of the members, the first that has this name or comes behind it.
    [[nodiscard]] std::size_t lower_bound(const std::string& name) const {
        return members.partition_point([&](const Member& member) { return member.name < name; });
    }

    SharedSequence<EditableJson> elements;
    SharedSequence<Member> members;
    std::size_t next_position = 0;
    std::shared_ptr<Parts> next_doomed;
};

bool EditableJson::is_container() const noexcept { return text_.is_array() || text_.is_object(); }

void EditableJson::take_apart() const {
    if (parts_) return;
    auto parts = std::make_shared<Parts>();
    if (text_.is_array()) {
        std::vector<EditableJson> elements;
        for (const JsonView element : text_.elements()) elements.emplace_back(element);
        parts->elements = SharedSequence(std::move(elements));
    } else {
        std::vector<Parts::Member> members;
        for (const auto [key, value] : text_.members())
            members.push_back(
                {key.string(), parts->next_position++, key.text(), EditableJson(value)});
        std::ranges::sort(members, {}, &Parts::Member::name);
        parts->members = SharedSequence(std::move(members));
    }
    parts_ = std::move(parts);
}

EditableJson::Parts& EditableJson::own_parts() {
    if (parts_.use_count() > 1) parts_ = std::make_shared<Parts>(std::as_const(*parts_));
    return *parts_;
}

std::optional<std::size_t> EditableJson::place_of(const std::string& token) const {
    if (!is_container()) return std::nullopt;
    take_apart();
    if (text_.is_array()) {
        const auto index = parse_index(token);
        return index && *index < parts_->elements.size() ? index : std::nullopt;
    }
    const auto& members = parts_->members;
    const std::size_t place = parts_->lower_bound(token);
    const bool is_there = place < members.size() && members[place].name == token;
    return is_there ? std::optional(place) : std::nullopt;
}

const EditableJson& EditableJson::child(std::size_t place) const {
    return text_.is_array() ? parts_->elements[place] : parts_->members[place].value;
}

EditableJson& EditableJson::own_child(std::size_t place) {
    Parts& parts = own_parts();
    return text_.is_array() ? parts.elements.own(place) : parts.members.own(place).value;
}

const EditableJson* EditableJson::find(const JsonPath& path) const {
    const EditableJson* at = this;
    for (const std::string& token : path) {
        const auto place = at->place_of(token);
        if (!place) return nullptr;
        at = &at->child(*place);
    }
    return at;
}

EditableJson EditableJson::copy() const {
    if (is_container()) take_apart();
    return *this;
}

EditableJson& EditableJson::parent_of(const JsonPath& path) {
    static_cast<void>(find(path));  // what is taken apart now is so in copies too
    const JsonPath way(path.begin(), path.end() - 1);
    EditableJson* at = this;
    for (const std::string& token : way) {
        const auto place = at->place_of(token);
        if (!place) fail_at(way, nothing_there);
        at = &at->own_child(*place);
    }
    if (!at->is_container())
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
    if (parent.text_.is_object()) {
        if (const auto place = parent.place_of(token)) {
            parent.own_child(*place) = std::move(value);
            return;
        }
        Parts& parts = parent.own_parts();
        parts.members.insert(parts.lower_bound(token),
                             {token, parts.next_position++, {}, std::move(value)});
        return;
    }
    Parts& parts = parent.own_parts();
    const std::size_t size = parts.elements.size();
    const auto index = token == "-" ? std::optional(size) : parse_index(token);
    if (!index || *index > size)
        fail_at(path, "is no place in an array of " + std::to_string(size) +
                          " elements; name one, or '-' for its end");
    parts.elements.insert(*index, std::move(value));
}

void EditableJson::replace(const JsonPath& path, EditableJson value) {
    if (path.empty()) {
        *this = std::move(value);
        return;
    }
    EditableJson& parent = parent_of(path);
    const auto place = parent.place_of(path.back());
    if (!place) fail_at(path, nothing_there);
    parent.own_child(*place) = std::move(value);
}

void EditableJson::remove(const JsonPath& path) {
    if (path.empty()) fail_at(path, "is the whole document, which is not removed; replace it");
    EditableJson& parent = parent_of(path);
    const auto place = parent.place_of(path.back());
    if (!place) fail_at(path, nothing_there);
    Parts& parts = parent.own_parts();
    if (parent.text_.is_object())
        parts.members.erase(*place);
    else
        parts.elements.erase(*place);
}

bool EditableJson::equals(JsonView text, JsonEquality& equality) const {
    if (!parts_) return equality.same(text_, text);
    if (text_.type() != text.type()) return false;
    if (text.is_array()) {
        const std::vector<JsonView> elements = elements_of(text);
        std::size_t place = 0;
        return elements.size() == parts_->elements.size() &&
               std::all_of(elements.begin(), elements.end(), [&](JsonView element) {
                   return child(place++).equals(element, equality);
               });
    }
    const auto members = text.members();
    return members.size() == parts_->members.size() &&
           std::all_of(members.begin(), members.end(), [&](JsonMember member) {
               const auto place = place_of(member.key.string());
               return place && child(*place).equals(member.value, equality);
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
        parts_->elements.each(
            [&](const EditableJson& element) { element.write(json, max_bytes, depth + 1); });
        json.end_array();
        return;
    }
    using Member = Parts::Member;
    std::vector<const Member*> members;
    parts_->members.each([&](const Member& member) { members.push_back(&member); });
    std::ranges::sort(members, {}, &Member::position);
    json.begin_object();
    for (const Member* member : members) {
        if (member->token.empty())
            json.key(member->name);
        else
            json.raw_key(member->token);
        member->value.write(json, max_bytes, depth + 1);
    }
    json.end_object();
}

}  // namespace verso
