#include <verso/domain/document_change.hpp>

#include "domain/budget.hpp"
#include "domain/json_alignment.hpp"
#include "domain/json_outline.hpp"

#include <utility>

namespace verso {

namespace {

/// Where a comparison is in both documents: elements may have moved.
struct Pointers {
    std::string before;
    std::string after;

    /// To come back later to where they lead now.
    [[nodiscard]] std::pair<std::size_t, std::size_t> sizes() const noexcept {
        return {before.size(), after.size()};
    }
    void resize(std::pair<std::size_t, std::size_t> sizes) {
        before.resize(sizes.first);
        after.resize(sizes.second);
    }
};

class Comparison {
public:
    Comparison(const Document& before, const Document& after)
        : budget_(before.text().size() + after.text().size()) {
        compare(before, after);
        if (is_too_long_) changes_ = {{"", before.text(), after.text()}};
    }

    std::vector<DocumentChange> take() && { return std::move(changes_); }

private:
    void compare(const Document& before, const Document& after) {
        const Outline old_outline(before.text());
        const Outline new_outline(after.text());
        // What is known of the texts around these is of no use here, nor this later there.
        JsonEquality around = std::exchange(equality_, JsonEquality());
        compare(old_outline.root(before.text()), new_outline.root(after.text()));
        equality_ = std::move(around);
    }

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

    void compare_members(JsonView before, JsonView after) {
        for (const MemberPair& pair : align_members(before, after))
            compare_below(pair.key.string(), pair.key.string(), pair);
    }

    void compare_elements(JsonView before, JsonView after) {
        std::size_t old_index = 0;
        std::size_t new_index = 0;
        for (const ElementPair& pair : align_elements(before, after, equality_)) {
            compare_below(std::to_string(old_index), std::to_string(new_index), pair);
            if (pair.before) ++old_index;
            if (pair.after) ++new_index;
        }
    }

    template <class Pair>
    void compare_below(std::string_view old_name, std::string_view new_name, const Pair& pair) {
        if (is_too_long_) return;
        const auto here = pointers_.sizes();
        append_pointer(pointers_.before, old_name);
        append_pointer(pointers_.after, new_name);
        if (!pair.after)
            add(std::string(pair.before->text()), {});
        else if (!pair.before)
            add({}, std::string(pair.after->text()));
        else
            compare(*pair.before, *pair.after);
        pointers_.resize(here);
    }

    /// Compares two strings as the documents that they hold, if both hold one.
    bool compare_within(const std::string& before, const std::string& after) {
        const auto old_document = Document::parse(before, {.max_bytes = before.size()});
        const auto new_document = Document::parse(after, {.max_bytes = after.size()});
        if (!old_document || !new_document) return false;
        if (*old_document == *new_document) return false;  // white space is the difference
        const auto here = pointers_.sizes();
        pointers_.before += '#';
        pointers_.after += '#';
        compare(*old_document, *new_document);
        pointers_.resize(here);
        return true;
    }

    void add(std::optional<std::string> before, std::optional<std::string> after) {
        const std::string& pointer = before && !after ? pointers_.before : pointers_.after;
        is_too_long_ = is_too_long_ || !budget_.take(pointer.size());
        if (!is_too_long_) changes_.push_back({pointer, std::move(before), std::move(after)});
    }

    JsonEquality equality_;
    Pointers pointers_;
    std::vector<DocumentChange> changes_;
    Budget budget_;  // of the pointers
    bool is_too_long_ = false;
};

}  // namespace

std::vector<DocumentChange> document_changes(const Document& before, const Document& after) {
    return Comparison(before, after).take();
}

}  // namespace verso
