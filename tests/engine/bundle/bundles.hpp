// Ways to bundles in tests: as text, and stores to read them into.
#pragma once

#include "engine/fixture.hpp"

#include <verso/bundle.hpp>
#include <verso/maintenance.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace verso::engine {

/// Randomness whose first bytes, which become a store's secret, are fixed: stores of one secret
/// whose ids differ all the same. They keep all history: what one of two stores has collected, the
/// other may still have.
inline Options with_fixed_secret(std::uint64_t seed) {
    auto random = std::make_shared<std::mt19937_64>(seed);
    Options options{.history = {.published_commits = 0}, .collect_with_writes = false};
    options.random = [random, is_first = std::make_shared<bool>(true)](std::span<std::byte> bytes) {
        for (std::byte& byte : bytes)
            byte = *is_first ? std::byte{42} : static_cast<std::byte>((*random)());
        *is_first = false;
    };
    return options;
}

/// Whether it was done, without what it answered.
template <class T>
Result<void> outcome(const Result<T>& result) {
    if (!result) return result.error();
    return {};
}

/// An empty temporary store whose clock stands where that of fixtures starts.
inline Store empty_store(std::uint64_t seed = 99) {
    Options options = with_fixed_secret(seed);
    options.clock = TestClock().function();
    options.durability = Durability::none;
    return Store::temporary(std::move(options)).value();
}

inline BundleSink into(std::string& text) {
    return [&text](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    };
}

/// Hands out `text` in pieces of some odd size.
inline BundleSource from(std::string_view text, std::size_t piece = 1000) {
    return [text, piece](std::span<char> out) mutable -> Result<std::size_t> {
        const std::size_t size = std::min({piece, out.size(), text.size()});
        std::copy_n(text.begin(), size, out.begin());
        text.remove_prefix(size);
        return size;
    };
}

inline std::string bundle_of(const Store& store, ConnectionId connection) {
    std::string text;
    export_bundle(store, connection, into(text)).value();
    return text;
}

inline std::string bundle_of(const Store& store, const VersionKey& version) {
    std::string text;
    export_bundle(store, version, into(text)).value();
    return text;
}

/// Those of a version's log, newest first.
inline std::vector<Commit> commits_of(const Store& store, const VersionKey& version) {
    std::vector<Commit> commits;
    store.snapshot()
        ->each_commit(version,
                      [&](const Commit& commit) {
                          commits.push_back(commit);
                          return true;
                      })
        .value();
    return commits;
}

/// The same commits as text, which is alike in every store.
inline std::string log_of(const Store& store, const VersionKey& version) {
    std::string log;
    for (const Commit& commit : commits_of(store, version)) log += format_uuid(commit.id) + '\n';
    return log;
}

inline Result<BundleImportReport> import_text(Store& store, std::string_view text,
                                              BundleImportOptions options = {}) {
    options.organisation = acme();
    return import_bundle(store, from(text), options);
}

/// The lines behind the header, which holds the time of the export.
inline std::string_view body_of(std::string_view bundle) {
    return bundle.substr(bundle.find('\n') + 1, bundle.rfind("{\"end\"") - bundle.find('\n') - 1);
}

/// Empty where two bundles are equal but for header and end; else the first lines that differ.
std::string difference(std::string_view a, std::string_view b);

/// What a bundle has in its place once some of it is replaced, its end made to fit.
std::string with_replaced(std::string bundle, std::string_view old, std::string_view fresh);
/// The same for lines of somebody's own making: the end line is added.
std::string with_end(std::string lines);

/// Every resource of a version, as text.
inline std::string content_of(const Store& store, const VersionKey& version) {
    const Snapshot snapshot = store.snapshot().value();
    std::string text;
    for (const Kind kind : all_kinds)
        for (const Resource& each : snapshot.resources(version, kind).value())
            text += std::string(to_string(kind)) + ' ' + to_string(each.id) + ' ' + each.name +
                    ' ' + each.document.text() + '\n';
    return text;
}

/// Of all chunks of a store.
std::uint64_t bytes_in(const Store& store);

/// Puts a Parameter in a commit of its own.
inline void put_parameter(Store& store, const VersionKey& version, std::string_view name) {
    store
        .edit(version,
              [&](Draft& draft) -> Result<void> {
                  draft.put(Kind::parameter, parameter(name)).value();
                  return {};
              })
        .value();
}

inline Digest digest_of(const Store& store, const VersionKey& version) {
    return store.snapshot().value().digest(version).value();
}

/// Makes random changes to a fixture's connection: versions, clones, edits with references,
/// renames, publications, removals.
class RandomHistory {
public:
    /// `deletes`: whether versions are removed too. A commit that goes with one may be the newest
    /// that another store has, which cannot move on from it then.
    RandomHistory(Fixture& fixture, std::uint64_t seed, bool deletes = true)
        : fixture_(fixture), random_(seed), deletes_(deletes) {
        fixture_.create("v0");
        names_.push_back("v0");
    }

    void change(int steps) {
        for (int i = 0; i < steps; ++i) step();
    }

    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

private:
    std::size_t below(std::size_t count) { return random_() % count; }
    void step();
    Result<void> edit(Draft& draft);
    void put_action(Draft& draft);

    Fixture& fixture_;
    std::mt19937_64 random_;
    bool deletes_;
    std::vector<std::string> names_;
    int made_ = 0;
};

}  // namespace verso::engine
