// What a comparison finds, printed one change at a time: a heading for each kind, then its changes.
#pragma once

#include <verso/domain/change.hpp>

#include "cli/output.hpp"

#include <optional>
#include <string>
#include <vector>

namespace verso::cli {

/// How much of a change is shown.
enum class ChangeDetail {
    names,   ///< One line: how, kind, name and old name, tabs between them.
    places,  ///< What it is, and the first places that changed.
    all_places,
    patch,  ///< Its JSON Patch; of what came or went, its document.
};

/// How many changes there are of each type, as `2 added, 1 changed`.
[[nodiscard]] std::string format_counts(const KindSummary& counts);

/// Lifetime:      the output's.
/// Thread safety: bound
class ChangePrinter {
public:
    /// `summaries` are what the headings say.
    ChangePrinter(Output& output, ChangeDetail detail, std::vector<KindSummary> summaries)
        : output_(output), detail_(detail), summaries_(std::move(summaries)) {}

    /// Requires: changes come by kind.
    void print(const Change& change);

private:
    void print_heading(Kind kind);
    void print_name(const Change& change);
    void print_places(const Change& change);
    void print_patch(const Change& change);

    Output& output_;
    ChangeDetail detail_;
    std::vector<KindSummary> summaries_;
    std::optional<Kind> kind_;
};

}  // namespace verso::cli
