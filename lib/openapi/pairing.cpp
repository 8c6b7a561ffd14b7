#include "openapi/pairing.hpp"

#include "domain/json_outline.hpp"

#include <algorithm>

namespace verso::openapi {

namespace {

std::string pairing_key(Kind kind, std::string_view original) {
    std::string key(1, static_cast<char>(kind));
    return key += original;
}

/// As above, and the name, which is behind a character that no name has.
std::string pairing_key(const std::string& original, std::string_view name) {
    std::string key = original + '\0';
    return key += name;
}

}  // namespace

std::string original_name(const ResourceView& resource) {
    const Outline outline(resource.document);
    const JsonView root = outline.root(resource.document);
    const bool is_operation = resource.kind == Kind::action || resource.kind == Kind::trigger;
    if (const auto id = root.find("operationId"); is_operation && id && id->is_string()) {
        std::string original = id->string();
        if (!original.empty()) return original;
    }
    const auto notes = root.find("openapi");
    const auto key = notes ? notes->find("key") : std::nullopt;
    return key && key->is_string() ? key->string() : std::string(resource.name);
}

Pairing::Pairing(std::span<const ConvertedResource> converted)
    : converted_(converted), matches_(converted.size()) {
    by_original_.reserve(converted.size());
    by_both_names_.reserve(converted.size());
    for (std::size_t index = 0; index < converted.size(); ++index) {
        const std::string original = pairing_key(converted[index].kind, converted[index].original);
        by_original_[original].indexes.push_back(index);
        by_both_names_.emplace(pairing_key(original, converted[index].name), index);
    }
}

void Pairing::add(const ResourceView& present) {
    std::string original = pairing_key(present.kind, original_name(present));
    const auto match = by_both_names_.find(pairing_key(original, present.name));
    if (match != by_both_names_.end())
        matches_[match->second] = {present.id, converted_[match->second].text == present.document};
    else
        unmatched_.push_back(
            {{present.kind, present.id, std::string(present.name)}, std::move(original)});
}

Plan Pairing::plan() && {
    pair_renamed();
    for (std::size_t index = 0; index < matches_.size(); ++index) {
        if (matches_[index].is_same)
            ++plan_.unchanged;
        else
            plan_.puts.push_back({index, matches_[index].id});
    }
    return std::move(plan_);
}

void Pairing::pair_renamed() {
    for (Candidate& candidate : unmatched_) {
        if (const auto index = next_unmatched(candidate.original)) {
            matches_[*index].id = candidate.present.id;
            plan_.moved.push_back(std::move(candidate.present));
        } else {
            plan_.gone.push_back(std::move(candidate.present));
        }
    }
}

std::optional<std::size_t> Pairing::next_unmatched(const std::string& original) {
    const auto found = by_original_.find(original);
    if (found == by_original_.end()) return std::nullopt;
    auto& [indexes, passed] = found->second;
    while (passed < indexes.size() && matches_[indexes[passed]].id) ++passed;
    if (passed == indexes.size()) return std::nullopt;
    return indexes[passed];
}

}  // namespace verso::openapi
