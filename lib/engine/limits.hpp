// The limits of a store that its host may set lower than the domain's own.
#pragma once

#include <verso/domain/commit_note.hpp>
#include <verso/domain/names.hpp>
#include <verso/options.hpp>

#include "domain/failure.hpp"

#include <string>
#include <string_view>

namespace verso::engine {

/// Of the fields that an error lists at most.
inline constexpr std::size_t max_fields = 100;

/// Fails with name_invalid.
inline void check_name_length(const Options& options, std::string_view name) {
    if (name.size() <= options.max_name_bytes) return;
    fail_field(Errc::name_invalid, "name",
               "the name has " + std::to_string(name.size()) + " bytes, more than the " +
                   std::to_string(options.max_name_bytes) + " that the store takes; shorten it");
}

/// Fails with option_invalid; `where` is the name of the limits.
inline void check_history_limits(std::string_view where, const HistoryLimits& limits) {
    if (limits.max_age.count() < 0)
        fail(Errc::option_invalid,
             std::string(where) + ".max_age is negative; give a duration, or 0 for any age");
}

/// Fails with text_invalid.
inline void check_note(const CommitNote& note) {
    must(check_text("author", note.author));
    must(check_text("message", note.message));
}

}  // namespace verso::engine
