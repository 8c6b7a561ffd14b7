// The store that the golden files of a format hold: made by fixed steps under a fixed clock and
// fixed randomness, so that every build makes the same records and chunks, byte for byte.
#pragma once

#include <verso/store.hpp>

#include "storage/storage.hpp"

#include <filesystem>
#include <string>

namespace verso::format_test {

inline constexpr std::string_view organisation = "0190a000-0000-7000-8000-000000000001";

/// A clock that moves on by a second each time it is asked, and a generator that always draws the
/// same.
[[nodiscard]] Options repeatable_options();

/// Goes through everything that leaves a mark in the stored format.
void play_scenario(Store& store);

/// All records and chunks, a line each, keys and values in hexadecimal.
[[nodiscard]] std::string dump(storage::Storage& storage);

}  // namespace verso::format_test
