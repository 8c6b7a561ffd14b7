#include "cli/change_printer.hpp"

#include <verso/domain/document_change.hpp>
#include <verso/domain/json_patch.hpp>

#include "cli/pretty_json.hpp"
#include "cli/resource_facts.hpp"
#include "cli/session.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace verso::cli {

namespace {

char sign_of(ChangeType type) {
    switch (type) {
        case ChangeType::added: return '+';
        case ChangeType::removed: return '-';
        case ChangeType::changed: return '~';
        case ChangeType::renamed: return '>';
    }
    return '?';
}

Colour colour_of(ChangeType type) {
    switch (type) {
        case ChangeType::added: return Colour::green;
        case ChangeType::removed: return Colour::red;
        case ChangeType::changed: return Colour::yellow;
        case ChangeType::renamed: return Colour::cyan;
    }
    return Colour::none;
}

std::string heading_of(Kind kind) {
    std::string heading = plural(kind);
    std::replace(heading.begin(), heading.end(), '_', ' ');
    heading.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(heading.front())));
    return heading;
}

std::string format_place(const DocumentChange& place) {
    constexpr std::size_t columns = 48;
    const auto value = [](const std::string& json) { return abbreviated(shown(json), columns); };
    const std::string at = shown(place.pointer);
    if (place.before && place.after)
        return at + ": " + value(*place.before) + " -> " + value(*place.after);
    if (place.after) return at + ": added " + value(*place.after);
    if (place.before) return at + ": removed " + value(*place.before);
    return at + (at.empty() ? "in another order" : ": in another order");
}

/// Each line behind six spaces.
std::string indented(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        text.append("      ").append(lines.substr(0, end));
        lines.remove_prefix(end);
    }
    return text;
}

}  // namespace

std::string format_counts(const KindSummary& counts) {
    std::string text;
    const auto add = [&](std::uint64_t count, ChangeType type) {
        if (count > 0)
            text += (text.empty() ? "" : ", ") + format_count(count) + ' ' +
                    std::string(to_string(type));
    };
    add(counts.added, ChangeType::added);
    add(counts.removed, ChangeType::removed);
    add(counts.changed, ChangeType::changed);
    add(counts.renamed, ChangeType::renamed);
    return text;
}

void ChangePrinter::print(const Change& change) {
    if (detail_ == ChangeDetail::names) {
        output_.print(std::string(to_string(change.type)) + '\t' +
                      std::string(to_string(change.kind)) + '\t' + shown(change.name) +
                      (change.old_name ? '\t' + shown(*change.old_name) : "") + '\n');
        return;
    }
    if (kind_ != change.kind) print_heading(change.kind);
    print_name(change);
    if (detail_ == ChangeDetail::patch)
        print_patch(change);
    else
        print_places(change);
}

void ChangePrinter::print_heading(Kind kind) {
    kind_ = kind;
    std::string heading = heading_of(kind);
    for (const KindSummary& each : summaries_)
        if (each.kind == kind) heading += ": " + format_counts(each);
    output_.print(heading, Colour::bold);
    output_.print("\n");
}

void ChangePrinter::print_name(const Change& change) {
    std::string name = sign_of(change.type) + (' ' + shown(change.name));
    if (change.old_name) name += " (was " + shown(*change.old_name) + ')';
    output_.print("  ");
    output_.print(name, colour_of(change.type));
    const auto& document = change.after ? change.after : change.before;
    if (document && !(change.before && change.after)) {
        constexpr std::size_t columns = 32;
        const std::size_t taken = width(name);
        output_.print(std::string(taken < columns ? columns - taken : 0, ' ') + "  " +
                      facts(change.kind, document->text()));
    }
    output_.print("\n");
}

/// Where the resource's document changed, place by place.
void ChangePrinter::print_places(const Change& change) {
    if (!change.before || !change.after) return;
    const auto places = document_changes(*change.before, *change.after);
    const std::size_t most = detail_ == ChangeDetail::all_places ? places.size() : 4;
    for (std::size_t at = 0; at < std::min(places.size(), most); ++at)
        output_.print("      " + format_place(places[at]) + '\n');
    if (places.size() > most)
        output_.print("      and " + format_count(places.size() - most) + " more (all with -v)\n");
}

void ChangePrinter::print_patch(const Change& change) {
    if (change.before && change.after) {
        const JsonPatch patch = JsonPatch::between(*change.before, *change.after);
        if (!patch.empty()) output_.print(indented(pretty_json(patch.text()) + '\n'));
    } else {
        const Document& document = change.after ? *change.after : *change.before;
        output_.print(indented(pretty_json(document.text()) + '\n'), colour_of(change.type));
    }
}

}  // namespace verso::cli
