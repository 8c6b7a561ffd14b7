// Reads the members of JSON objects into typed values, and collects everything that is wrong with
// them, each under its JSON Pointer, instead of stopping at the first.
#pragma once

#include <verso/error.hpp>

#include "domain/json_outline.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace verso {

/// Where a reader is: a chain of places on its stack, spelt out only where something is wrong.
struct Place {
    const Place* parent = nullptr;          // none: the whole document
    std::string_view name = {};             // of a member
    std::optional<std::size_t> index = {};  // of an element

    /// The place as a JSON Pointer.
    [[nodiscard]] std::string pointer() const;
};

/// What is wrong with a document. Thread safety: movable.
class Findings {
public:
    /// Keeps the first hundred: enough to correct by, and a hostile document cannot make an answer
    /// large.
    void add(const Place& place, std::string message);

    [[nodiscard]] bool empty() const noexcept { return fields_.empty(); }
    [[nodiscard]] const std::vector<FieldError>& fields() const noexcept { return fields_; }

    /// The findings as an error, resource_invalid. Requires: !empty(). `what` as `action`.
    [[nodiscard]] Error to_error(std::string_view what) &&;

private:
    std::vector<FieldError> fields_;
};

/// Reads one object. A member of the wrong JSON type is reported and read as if it were missing; a
/// required one that is missing is reported and read as empty. So reading always comes to an end,
/// with a value that is as good as the document.
class ObjectReader {
public:
    ObjectReader(JsonView object, const Place& place, Findings& findings);

    [[nodiscard]] std::string string(std::string_view name);
    [[nodiscard]] std::optional<std::string> optional_string(std::string_view name);
    /// False where it is missing.
    [[nodiscard]] bool flag(std::string_view name);
    [[nodiscard]] std::optional<int> optional_integer(std::string_view name);
    [[nodiscard]] std::optional<JsonView> any(std::string_view name) const {
        return object_.find(name);
    }
    [[nodiscard]] bool has(std::string_view name) const { return any(name).has_value(); }

    /// A required string that is the `to_string` of one of `choices`; the first where it is not.
    template <class Choice>
    [[nodiscard]] Choice choice(std::string_view name, std::span<const Choice> choices);

    /// read(value, place) of a member.
    template <class Read>
    [[nodiscard]] auto object(std::string_view name, Read read)
        -> std::optional<std::invoke_result_t<Read, JsonView, const Place&>>;

    /// read(element, place) of each element of a member.
    template <class Read>
    [[nodiscard]] auto array(std::string_view name, Read read)
        -> std::vector<std::invoke_result_t<Read, JsonView, const Place&>>;

    /// Reports a member that must be there.
    void require(std::string_view name, JsonType type);
    void report(std::string_view name, std::string message);

private:
    /// The member if it is there and of that type; of another type it is reported.
    [[nodiscard]] std::optional<JsonView> typed(std::string_view name, JsonType type);
    void report_choice(std::string_view name, std::string_view found, const std::string& allowed);

    JsonView object_;
    const Place& place_;
    Findings& findings_;
};

template <class Choice>
Choice ObjectReader::choice(std::string_view name, std::span<const Choice> choices) {
    require(name, JsonType::string);
    const auto text = optional_string(name);
    if (!text) return choices.front();
    std::string allowed;
    for (const Choice choice : choices) {
        if (to_string(choice) == *text) return choice;
        allowed += allowed.empty() ? "" : ", ";
        allowed += to_string(choice);
    }
    report_choice(name, *text, allowed);
    return choices.front();
}

template <class Read>
auto ObjectReader::object(std::string_view name, Read read)
    -> std::optional<std::invoke_result_t<Read, JsonView, const Place&>> {
    const auto value = any(name);
    if (!value) return std::nullopt;
    return read(*value, Place{&place_, name});
}

template <class Read>
auto ObjectReader::array(std::string_view name, Read read)
    -> std::vector<std::invoke_result_t<Read, JsonView, const Place&>> {
    std::vector<std::invoke_result_t<Read, JsonView, const Place&>> items;
    const auto value = typed(name, JsonType::array);
    if (!value) return items;
    const Place array_place{&place_, name};
    for (const JsonView element : value->elements())
        items.push_back(read(element, Place{&array_place, {}, items.size()}));
    return items;
}

}  // namespace verso
