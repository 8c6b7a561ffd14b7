#include "cli/document_changes.hpp"

#include <verso/domain/document.hpp>

#include "domain/json_outline.hpp"

#include <algorithm>
#include <unordered_map>

namespace verso::cli {

namespace {

using Pair = std::pair<JsonView, JsonView>;

class Comparison {
public:
    std::vector<DocumentChange> take() && { return std::move(changes_); }

    void compare(JsonView before, JsonView after) {
        if (before.text() == after.text()) return;
        const std::size_t found = changes_.size();
        if (before.is_object() && after.is_object())
            compare_members(before, after);
        else if (before.is_array() && after.is_array())
            compare_elements(before, after);
        else if (!before.is_string() || !after.is_string() ||
                 !compare_within(before.string(), after.string()))
            add(std::string(before.text()), std::string(after.text()));
        if (changes_.size() == found) add({}, {});
    }

private:
    void add(std::optional<std::string> before, std::optional<std::string> after) {
        changes_.push_back({pointer_, std::move(before), std::move(after)});
    }

    template <class Body>
    void below(std::string_view name, Body&& body) {
        const std::size_t length = pointer_.size();
        append_pointer(pointer_, name);
        body();
        pointer_.resize(length);
    }

    void compare_members(JsonView before, JsonView after) {
        std::unordered_map<std::string, JsonView> arrived;
        for (const auto [key, value] : after.members()) arrived.emplace(key.string(), value);
        for (const auto [key, value] : before.members()) {
            const std::string name = key.string();
            const auto there = arrived.find(name);
            below(name, [&, old_value = value] {
                if (there == arrived.end())
                    add(std::string(old_value.text()), {});
                else
                    compare(old_value, there->second);
            });
            if (there != arrived.end()) arrived.erase(there);
        }
        for (const auto [key, value] : after.members()) {
            const std::string name = key.string();
            if (!arrived.contains(name)) continue;
            below(name, [&, new_value = value] { add({}, std::string(new_value.text())); });
        }
    }

    /// Pairs what both begin and end with; what is left in the middle pairs by position where it is
    /// as long.
    void compare_elements(JsonView before, JsonView after) {
        const auto copy = [](JsonView array) {
            std::vector<JsonView> elements;
            for (const JsonView element : array.elements()) elements.push_back(element);
            return elements;
        };
        const std::vector<JsonView> old_ones = copy(before);
        const std::vector<JsonView> new_ones = copy(after);
        std::size_t begin = 0;
        const std::size_t shorter = std::min(old_ones.size(), new_ones.size());
        while (begin < shorter && old_ones[begin].text() == new_ones[begin].text()) ++begin;
        std::size_t tail = 0;
        while (tail < shorter - begin && old_ones[old_ones.size() - 1 - tail].text() ==
                                             new_ones[new_ones.size() - 1 - tail].text())
            ++tail;
        const std::size_t old_end = old_ones.size() - tail;
        const std::size_t new_end = new_ones.size() - tail;
        if (old_end != new_end && old_end != begin && new_end != begin) {
            add(std::string(before.text()), std::string(after.text()));
            return;
        }
        for (std::size_t at = begin; at < std::max(old_end, new_end); ++at)
            below(std::to_string(at), [&] {
                if (at >= old_end)
                    add({}, std::string(new_ones[at].text()));
                else if (at >= new_end)
                    add(std::string(old_ones[at].text()), {});
                else
                    compare(old_ones[at], new_ones[at]);
            });
    }

    /// Compares two strings as the documents that they hold, if both hold one.
    bool compare_within(const std::string& before, const std::string& after) {
        const auto old_document = Document::parse(before);
        const auto new_document = Document::parse(after);
        if (!old_document || !new_document) return false;
        if (*old_document == *new_document) return false;  // white space is the difference
        const Outline old_outline(old_document->text());
        const Outline new_outline(new_document->text());
        const std::size_t length = pointer_.size();
        pointer_ += '#';
        compare(old_outline.root(old_document->text()), new_outline.root(new_document->text()));
        pointer_.resize(length);
        return true;
    }

    std::string pointer_;
    std::vector<DocumentChange> changes_;
};

}  // namespace

std::vector<DocumentChange> document_changes(std::string_view before, std::string_view after) {
    const Outline old_outline(before);
    const Outline new_outline(after);
    Comparison comparison;
    comparison.compare(old_outline.root(before), new_outline.root(after));
    return std::move(comparison).take();
}

}  // namespace verso::cli
