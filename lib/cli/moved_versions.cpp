#include "cli/moved_versions.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <array>

namespace verso::cli {

namespace {

constexpr std::array all_outcomes{
    MoveOutcome::added,    MoveOutcome::updated,   MoveOutcome::unchanged, MoveOutcome::newer,
    MoveOutcome::diverged, MoveOutcome::published, MoveOutcome::name_taken};

std::string_view explain(MoveOutcome outcome) {
    switch (outcome) {
        case MoveOutcome::added: return "added";
        case MoveOutcome::updated: return "updated";
        case MoveOutcome::unchanged: return "unchanged";
        case MoveOutcome::newer: return "newer there";
        case MoveOutcome::diverged: return "diverged: both sides changed it";
        case MoveOutcome::published: return "not moved: published there, and would change";
        case MoveOutcome::name_taken: return "not moved: another version there has its name";
    }
    return "";
}

}  // namespace

std::string format_moved(const std::vector<MovedVersion>& versions, bool all) {
    std::string counts;
    for (const MoveOutcome outcome : all_outcomes) {
        const auto count = std::ranges::count(versions, outcome, &MovedVersion::outcome);
        if (count == 0) continue;
        const auto number = static_cast<std::uint64_t>(count);
        counts += counts.empty() ? "  " + counted(number, "version") : ", " + format_count(number);
        counts += ' ' + std::string(is_conflict(outcome) ? "in conflict" : explain(outcome));
    }
    std::string text = counts.empty() ? "  no versions\n" : counts + '\n';
    for (const MovedVersion& each : versions)
        if (all || is_conflict(each.outcome))
            text += "    " + in_quotes(each.name) + ' ' + std::string(explain(each.outcome)) + '\n';
    return text;
}

void write_moved(JsonWriter& json, const std::vector<MovedVersion>& versions) {
    json.begin_array();
    for (const MovedVersion& each : versions) {
        json.begin_object().key("id").string(to_string(each.id)).key("name").string(each.name);
        json.key("outcome").string(to_string(each.outcome)).end_object();
    }
    json.end_array();
}

bool has_conflicts(const std::vector<MovedVersion>& versions) {
    return std::ranges::any_of(versions,
                               [](const MovedVersion& each) { return is_conflict(each.outcome); });
}

}  // namespace verso::cli
