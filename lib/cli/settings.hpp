// What the options say that every command takes.
#pragma once

#include <verso/domain/ids.hpp>
#include <verso/options.hpp>

#include <filesystem>

namespace verso::cli {

/// The organisation of those who have only one.
inline constexpr const char* default_organisation = "00000000-0000-7000-8000-000000000000";
inline constexpr const char* default_store = "verso.store";

/// Thread safety: a value.
struct Settings {
    std::filesystem::path store = default_store;
    OrganisationId organisation = {};
    Durability durability = Durability::full;
    bool json = false;
    bool quiet = false;
    bool verbose = false;
};

}  // namespace verso::cli
