// The options of a command whose change is kept as a commit: who does it, and why.
#pragma once

#include <verso/domain/commit_note.hpp>

#include "cli/command.hpp"

#include <optional>
#include <string>

namespace verso::cli {

class NoteOptions {
public:
    void declare(Declaration& takes) {
        takes.option("--author", "NAME", author_, "Who does it: kept in the commit");
        takes.option("--message", "TEXT", message_, "Why: kept in the commit");
    }
    [[nodiscard]] CommitNote note() const { return {author_.value_or(""), message_.value_or("")}; }

private:
    std::optional<std::string> author_;
    std::optional<std::string> message_;
};

}  // namespace verso::cli
